//! The order of members, which JSON gives no meaning: the same whatever order a document has them in.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::{Json, Node};

impl Node {
    /// Puts the members of every object in the order that output has: by name, and the properties of a schema that are
    /// required first, as `required` lists them. Lists keep their order.
    ///
    /// A type's constructor takes what is required in this order, so that a document which is published again in another
    /// order breaks nobody.
    pub fn put_in_order(&mut self) {
        match &mut self.json {
            Json::Object(members) => {
                members.values_mut().for_each(Self::put_in_order);
                members.sort_unstable_keys();
                order_properties(members);
            }
            Json::Array(items) => items.iter_mut().for_each(Self::put_in_order),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
}

fn order_properties(schema: &mut IndexMap<String, Node>) {
    let Some(Json::Array(required)) = schema.get("required").map(|node| &node.json) else {
        return;
    };
    let mut ranks = HashMap::new();
    for (rank, name) in required.iter().enumerate() {
        if let Json::String(name) = &name.json {
            ranks.entry(name.clone()).or_insert(rank);
        }
    }
    if let Some(Json::Object(properties)) = schema.get_mut("properties").map(|node| &mut node.json)
    {
        // Stable, and by name before: what is not required stays in that order.
        let rank = |name: &String| ranks.get(name).copied().unwrap_or(usize::MAX);
        properties.sort_by_cached_key(|name, _| rank(name));
    }
}

#[cfg(test)]
mod tests {
    use super::super::Span;
    use super::*;

    fn in_order(text: &str) -> Node {
        let (mut root, _) = super::super::parse::parse(text).unwrap();
        root.put_in_order();
        root
    }

    fn names(node: &Node) -> Vec<&str> {
        match &node.json {
            Json::Object(members) => members.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    fn member<'n>(node: &'n Node, name: &str) -> &'n Node {
        match &node.json {
            Json::Object(members) => &members[name],
            _ => panic!("no object"),
        }
    }

    #[test]
    fn members_are_ordered_by_name_and_required_properties_come_first_as_they_are_listed() {
        let root = in_order(
            r#"{"b": {"z": 1, "y": 2}, "a": {"required": ["z", "no", "c", "z"], "properties": {"d": 0, "c": 0, "a": 0, "z": 0}}}"#,
        );
        assert_eq!(names(&root), ["a", "b"]);
        assert_eq!(names(member(&root, "b")), ["y", "z"]);
        let properties = member(member(&root, "a"), "properties");
        assert_eq!(names(properties), ["z", "c", "a", "d"]);
    }

    #[test]
    fn lists_keep_their_order_and_a_required_that_is_no_list_orders_nothing() {
        let root = in_order(
            r#"{"required": true, "properties": {"b": ["y", "x", {"n": 1, "m": 2}], "a": 0}}"#,
        );
        let properties = member(&root, "properties");
        assert_eq!(names(properties), ["a", "b"]);
        let Json::Array(items) = &member(properties, "b").json else {
            panic!("no list")
        };
        assert!(matches!(&items[0].json, Json::String(text) if text == "y"));
        assert_eq!(names(&items[2]), ["m", "n"]);
        // What a fixup put in has no place of its own.
        let mut node = Node::in_place_of(&serde_json::json!({"b": 1, "a": 2}), Span::default());
        node.put_in_order();
        assert_eq!(names(&node), ["a", "b"]);
    }
}
