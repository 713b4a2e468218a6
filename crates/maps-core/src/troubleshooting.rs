#![doc = include_str!("../docs/troubleshooting.md")]

#[cfg(test)]
mod tests {
    const PAGE: &str = include_str!("../docs/troubleshooting.md");
    const PREDICATES: &str = include_str!("error/predicates.rs");

    /// The anchor that rustdoc gives a heading.
    fn anchor(heading: &str) -> String {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || *c == ' ');
        let text: String = kept.collect();
        text.trim().to_lowercase().replace(' ', "-")
    }

    #[test]
    fn every_predicate_has_its_section_and_every_link_leads_to_one() {
        let headings = PAGE.lines().filter_map(|line| line.strip_prefix("# "));
        let anchors: Vec<String> = headings.map(anchor).collect();
        let links = |text: &str, start: &str| -> Vec<String> {
            let parts = text.split(start).skip(1);
            let link = parts.filter_map(|part| part.split_once(')'));
            link.map(|(link, _)| link.to_owned()).collect()
        };
        let from_predicates = links(PREDICATES, "crate::troubleshooting#");
        let predicates = PREDICATES.matches("pub fn is_").count();
        assert_eq!(from_predicates.len(), predicates, "one link each");
        for link in from_predicates.iter().chain(&links(PAGE, "](#")) {
            assert!(anchors.contains(link), "{link} is none of {anchors:?}");
        }
        for name in PREDICATES.split("pub fn ").skip(1) {
            let name = name.split('(').next().unwrap_or_default();
            let link = format!("[`{name}`](crate::Error::{name})");
            assert!(PAGE.contains(&link), "{link}");
        }
    }
}
