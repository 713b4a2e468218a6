//! The public test server: installed at one version, on loopback, stopped when it is dropped.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use ureq::Agent;

/// The npm package.
pub(super) const PACKAGE: &str = "@microsoft.azure/autorest.testserver";

/// What the server's program prints before its address, see `tests/conformance/server/loopback.js`.
const LISTENING: &str = "listening on ";

/// Longer than a loaded machine takes to start Node and register a thousand routes.
const START: Duration = Duration::from_secs(60);

/// The server, as it is on disk.
#[derive(Debug)]
pub(super) struct Installed {
    folder: PathBuf,
}

impl Installed {
    /// Installs what the lock file in `source` names into `folder`, unless it is there.
    pub(super) fn new(source: &Path, folder: PathBuf) -> Result<Self, String> {
        version_of("node")?;
        let files = ["package.json", "loopback.js", "package-lock.json"];
        let installed = folder.join("installed.json");
        let lock = read(&source.join("package-lock.json"))?;
        if fs::read_to_string(&installed).is_ok_and(|there| there == lock) {
            // The preloaded lines are not npm's, and are always the current ones.
            copy(source, &folder, &files[1..2])?;
            return Ok(Self { folder });
        }
        let npm = version_of(NPM)?;
        fs::create_dir_all(&folder)
            .map_err(|error| format!("making {}: {error}", folder.display()))?;
        copy(source, &folder, &files)?;
        eprintln!("installing {PACKAGE} with npm {npm}");
        let status = Command::new(NPM)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&folder)
            .stdout(Stdio::null())
            .status()
            .map_err(|error| format!("starting npm: {error}"))?;
        if !status.success() {
            return Err(format!("npm could not install {PACKAGE}: {status}"));
        }
        fs::write(&installed, lock).map_err(|error| format!("writing installed.json: {error}"))?;
        Ok(Self { folder })
    }

    /// The folder of the documents.
    pub(super) fn documents(&self) -> PathBuf {
        self.package().join("swagger")
    }

    /// The version that is installed.
    pub(super) fn version(&self) -> Result<String, String> {
        let manifest = read(&self.package().join("package.json"))?;
        let manifest: serde_json::Value = serde_json::from_str(&manifest)
            .map_err(|error| format!("reading the manifest of {PACKAGE}: {error}"))?;
        Ok(manifest["version"].as_str().unwrap_or_default().to_owned())
    }

    fn package(&self) -> PathBuf {
        self.folder.join("node_modules").join(PACKAGE)
    }

    /// Starts the server on a free port of loopback, and waits until it answers with its counters at zero.
    pub(super) fn start(&self) -> Result<Server, String> {
        let coverage = self.folder.join("coverage");
        let log = self.folder.join("server.log");
        let log = File::create(&log).map_err(|error| format!("writing server.log: {error}"))?;
        let errors = log
            .try_clone()
            .map_err(|error| format!("writing server.log: {error}"))?;
        let mut process = Command::new("node")
            .arg("--require")
            .arg(self.folder.join("loopback.js"))
            .arg(self.package().join("dist/cli/cli.js"))
            .args(["run", "--port=0", "--coverageDirectory"])
            .arg(coverage)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .map_err(|error| format!("starting the server: {error}"))?;
        let output = process.stdout.take();
        // From here on the process ends with the value.
        let mut server = Server {
            process,
            url: String::new(),
            agent: Agent::config_builder()
                .timeout_global(Some(START))
                .build()
                .into(),
        };
        let (sender, address) = mpsc::channel();
        if let Some(output) = output {
            thread::spawn(move || drain(output, log, &sender));
        }
        let address = address
            .recv_timeout(START)
            .map_err(|_| "the server did not start, see target/conformance/server/server.log")?;
        server.url = format!("http://{address}");
        server.report("vanilla")?;
        // One key is counted in a fresh server.
        server
            .agent
            .post(server.at("/report/clear"))
            .send_empty()
            .map_err(|error| format!("clearing the server's counters: {error}"))?;
        Ok(server)
    }
}

/// A running server.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
    url: String,
    agent: Agent,
}

impl Server {
    /// The root of its URLs.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// How often each coverage key of a group was reached.
    pub(super) fn report(&self, group: &str) -> Result<BTreeMap<String, u64>, String> {
        let fail = |error: &dyn std::fmt::Display| format!("fetching the report {group}: {error}");
        let text = self
            .agent
            .get(self.at(&format!("/report/{group}")))
            .call()
            .map_err(|error| fail(&error))?
            .body_mut()
            .read_to_string()
            .map_err(|error| fail(&error))?;
        serde_json::from_str(&text).map_err(|error| fail(&error))
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail on a process that has ended, which is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Writes what the server prints to its log, and passes its address on.
fn drain(output: ChildStdout, mut log: File, address: &Sender<String>) {
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        if let Some(found) = line.strip_prefix(LISTENING) {
            // Nobody waits any longer when this fails.
            let _ = address.send(found.to_owned());
        }
        // A log that cannot be written must not stop the server, which would block on its pipe.
        let _ = writeln!(log, "{line}");
    }
}

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn version_of(program: &str) -> Result<String, String> {
    let missing = |error: &dyn std::fmt::Display| {
        format!(
            "{program} cannot be run ({error}): the test server needs Node.js 18 or newer with npm"
        )
    };
    let output = Command::new(program)
        .arg("--version")
        .stderr(Stdio::null())
        .output()
        .map_err(|error| missing(&error))?;
    if !output.status.success() {
        return Err(missing(&output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("reading {}: {error}", path.display()))
}

fn copy(from: &Path, to: &Path, files: &[&str]) -> Result<(), String> {
    files.iter().try_for_each(|file| {
        fs::copy(from.join(file), to.join(file))
            .map(drop)
            .map_err(|error: io::Error| format!("copying {file} of the test server: {error}"))
    })
}
