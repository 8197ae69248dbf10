//! The structure of the document for those who do not see it: a tree whose leaves are known only once pages are printed.

use std::num::NonZeroU16;

use krilla::tagging::{
    Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};

/// Names a node of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(usize);

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    Heading(u16, String),
    Paragraph,
    List,
    Item,
    Label,
    Body,
    Table,
    Head,
    Rows,
    Row,
    HeaderCell,
    Cell,
}

/// The tree as it grows; a parent always comes before its children.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    nodes: Vec<(Role, Option<NodeId>)>,
}

impl Tags {
    pub(crate) fn add(&mut self, role: Role, parent: Option<NodeId>) -> NodeId {
        self.nodes.push((role, parent));
        NodeId(self.nodes.len() - 1)
    }

    /// The tree with its leaves, of which each names its node and all are in the order of reading.
    pub(crate) fn tree(&self, leaves: &[(NodeId, Identifier)]) -> TagTree {
        let mut groups: Vec<TagGroup> =
            self.nodes.iter().map(|(role, _)| TagGroup::new(kind(role))).collect();
        for &(node, leaf) in leaves {
            groups[node.0].push(Node::Leaf(leaf));
        }
        // From the last to the first, each node is complete when it is handed to its parent; they arrive in reverse.
        let mut roots = Vec::new();
        for (index, (_, parent)) in self.nodes.iter().enumerate().rev() {
            let Some(mut group) = groups.pop() else { break };
            debug_assert_eq!(groups.len(), index);
            if matches!(group.children.first(), Some(Node::Group(_))) {
                group.children.reverse();
            }
            match parent {
                Some(parent) => groups[parent.0].push(Node::Group(group)),
                None => roots.push(group),
            }
        }
        let mut tree = TagTree::new();
        roots.into_iter().rev().for_each(|root| tree.push(root));
        tree
    }
}

fn kind(role: &Role) -> TagKind {
    match role {
        Role::Heading(level, text) => {
            Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(text.clone())).into()
        }
        Role::Paragraph => Tag::P.into(),
        Role::List => Tag::L(ListNumbering::None).into(),
        Role::Item => Tag::LI.into(),
        Role::Label => Tag::Lbl.into(),
        Role::Body => Tag::LBody.into(),
        Role::Table => Tag::Table.into(),
        Role::Head => Tag::THead.into(),
        Role::Rows => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::HeaderCell => Tag::TH(TableHeaderScope::Column).into(),
        Role::Cell => Tag::TD.into(),
    }
}
