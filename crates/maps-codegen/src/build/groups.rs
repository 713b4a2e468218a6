//! Operations by the word before the underscore of their `operationId`.

use super::Builder;
use crate::diagnostics::Diagnostic;
use crate::model::{Group, GroupClient, Operation};
use crate::name;

impl<'a> Builder<'a> {
    /// Sorts operations into groups, in the order of their first operation.
    pub(super) fn groups(&mut self, operations: Vec<Operation>, client: &str) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for operation in operations {
            let wire = operation
                .id
                .split_once('_')
                .map_or("", |(group, _)| group)
                .to_owned();
            let is_named = |wire: &str| self.version.groups.contains_key(wire);
            let known = groups.iter_mut().find(|group| {
                group.wire == wire
                    || !is_named(&group.wire)
                        && !is_named(&wire)
                        && name::same_group(&group.wire, &wire)
            });
            match known {
                Some(group) => {
                    if group.wire != wire {
                        let message = format!("the group `{wire}` is called `{}`", group.wire);
                        self.found
                            .push(Diagnostic::note("renamed", message).at(operation.place.clone()));
                    }
                    group.operations.push(operation);
                }
                None => groups.push(Group {
                    wire,
                    client: None,
                    operations: vec![operation],
                }),
            }
        }
        if groups.len() > 1 || self.version.grouped {
            for group in &mut groups {
                group.client = self.group_client(&group.wire, client);
            }
        }
        groups
    }

    /// Names of a group's client; operations without a group stay on the service's client.
    fn group_client(&self, wire: &str, client: &str) -> Option<GroupClient> {
        if wire.is_empty() {
            return None;
        }
        if let Some(names) = self.version.groups.get(wire) {
            return Some(GroupClient {
                accessor: names.accessor.clone(),
                ty: names.client.clone(),
            });
        }
        let (accessor, ty) = name::group(wire, client);
        Some(GroupClient { accessor, ty })
    }
}
