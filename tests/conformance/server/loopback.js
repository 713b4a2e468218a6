// Loaded before the server: as published it listens on every interface. It listens on loopback alone, and says on which port.
"use strict";

const { Server } = require("node:net");

const listen = Server.prototype.listen;

Server.prototype.listen = function (port, ...rest) {
  const ready = rest.find((argument) => typeof argument === "function");
  this.once("listening", () => console.log(`listening on ${this.address().address}:${this.address().port}`));
  return listen.call(this, { port: Number(port) || 0, host: "127.0.0.1" }, ready);
};
