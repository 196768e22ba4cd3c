//! ARCHITECTURE.md tells the truth: its arrows are all there are, its paths exist, no slice is missing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use kitt::platform::keys::KEYS;
use kitt::platform::web::link_keys;

/// Everybody may use these; they use no slice.
const GROUND: [&str; 3] = ["journal", "people", "platform"];
/// These use whatever they show; nobody uses them.
const TOP: [&str; 3] = ["demo", "screens", "upkeep"];

type Arrows = BTreeSet<(String, String)>;

#[test]
fn the_arrows_in_the_map_are_all_there_are() -> Result<()> {
    assert_eq!(drawn_in_code()?, drawn_in_map()?, "left: in the code, right: in ARCHITECTURE.md");
    Ok(())
}

#[test]
fn the_ground_uses_no_slice_and_nobody_uses_the_top() -> Result<()> {
    for (user, used) in drawn_in_code()? {
        assert!(!GROUND.contains(&user.as_str()), "{user} is ground and uses {used}");
        assert!(!TOP.contains(&used.as_str()), "{user} uses {used}, which is on top");
    }
    Ok(())
}

#[test]
fn no_arrow_leads_back() -> Result<()> {
    let mut arrows = drawn_in_map()?;
    // Take away slices that use nobody until nothing is left; what stays is a cycle.
    loop {
        let users: BTreeSet<String> = arrows.iter().map(|(user, _)| user.clone()).collect();
        let before = arrows.len();
        arrows.retain(|(_, used)| users.contains(used));
        if arrows.len() == before {
            break;
        }
    }
    assert!(arrows.is_empty(), "cycle among {arrows:?}");
    Ok(())
}

#[test]
fn every_path_in_the_map_exists() -> Result<()> {
    let map = map()?;
    // What starts with a slash is a page, not a file.
    let is_path = |text: &&str| text.contains('/') && !text.starts_with('/') && !text.contains([' ', '<']);
    for path in map.split('`').skip(1).step_by(2).filter(is_path) {
        assert!(root().join(path).exists(), "ARCHITECTURE.md names `{path}`, which is gone");
    }
    Ok(())
}

#[test]
fn every_slice_is_in_the_table() -> Result<()> {
    let map = map()?;
    let rows: BTreeSet<&str> =
        map.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next()).collect();
    for slice in slices()? {
        let named = rows.contains(slice.as_str()) || map.contains(&format!("`app/src/{slice}/`"));
        assert!(named, "ARCHITECTURE.md does not say what `{slice}` is");
    }
    Ok(())
}

#[test]
fn every_single_key_of_the_pages_can_be_chosen_anew() -> Result<()> {
    let mut pressed = BTreeSet::new();
    for text in files(&root().join("app/src"), "html")? {
        let keys = text.split("data-key=\"").skip(1).filter_map(|rest| rest.split('"').next());
        // Digits choose by what stands beside them, and what is put together is a digit or leads to a page.
        let is_one = |key: &&str| !key.contains('{') && !key.starts_with(|c: char| c.is_ascii_digit());
        pressed.extend(keys.filter(is_one).map(str::to_owned));
    }
    pressed.extend(link_keys().map(str::to_owned));
    // These are the scripts' own.
    pressed.extend(["j".to_owned(), "k".to_owned(), "x".to_owned()]);
    let named = KEYS.iter().flat_map(|group| group.keys).map(|key| key.key.to_owned()).collect();
    assert_eq!(pressed, named, "left: in the templates, right: in platform/keys.rs");
    Ok(())
}

#[test]
fn every_action_of_the_palette_shows_its_key() -> Result<()> {
    let mut without = Vec::new();
    let mut commands = 0;
    for text in files(&root().join("app/src"), "html")? {
        for tag in tags(&text) {
            let is_command = tag.contains(" data-command=")
                || tag.contains(" data-command>")
                || tag.contains(" data-command ");
            // A command that is no single key says how it is reached: `?`, or the keys of its dialog.
            let has_key = tag.contains(" data-key=\"") || tag.contains(" data-command-hint=\"");
            commands += usize::from(is_command);
            if is_command && !has_key {
                without.push(tag.to_owned());
            }
        }
    }
    assert!(70 < commands, "only {commands} were found");
    assert!(without.is_empty(), "these have no key: {without:#?}");
    Ok(())
}

/// The tags that begin elements of a template, whatever is put into them.
fn tags(text: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    for (at, _) in text.match_indices('<') {
        let rest = &text[at..];
        if !rest[1..].starts_with(|c: char| c.is_ascii_lowercase()) {
            continue;
        }
        let mut depth = 0_u32;
        let mut before = ' ';
        for (end, c) in rest.char_indices() {
            match (before, c) {
                ('{', '{' | '%') => depth += 1,
                ('}' | '%', '}') => depth = depth.saturating_sub(1),
                (_, '>') if depth == 0 => {
                    tags.push(&rest[..=end]);
                    break;
                }
                _ => {}
            }
            before = c;
        }
    }
    tags
}

fn drawn_in_map() -> Result<Arrows> {
    let map = map()?;
    let block = map.split("```arrows\n").nth(1).context("no arrows block")?;
    let lines = block.lines().take_while(|line| *line != "```");
    Ok(lines
        .filter_map(|line| line.split_once(" -> "))
        .map(|(user, used)| (user.into(), used.into()))
        .collect())
}

fn drawn_in_code() -> Result<Arrows> {
    let slices = slices()?;
    let mut arrows = Arrows::new();
    for user in slices.iter().filter(|slice| !TOP.contains(&slice.as_str())) {
        for text in files(&root().join("app/src").join(user), "rs")? {
            let named = modules_named_in(&text).into_iter();
            let used = named.filter(|name| name != user && slices.contains(name));
            arrows.extend(used.map(|used| (user.clone(), used)));
        }
    }
    arrows.retain(|(_, used)| !GROUND.contains(&used.as_str()));
    Ok(arrows)
}

fn slices() -> Result<BTreeSet<String>> {
    let mut slices = BTreeSet::new();
    for entry in fs::read_dir(root().join("app/src"))? {
        let entry = entry?;
        if entry.path().is_dir() {
            slices.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(slices)
}

/// The names that directly follow `crate::` or `super::`, which can lead to another slice, too.
fn modules_named_in(text: &str) -> Vec<String> {
    let is_name = |c: &char| c.is_alphanumeric() || *c == '_';
    let name = |rest: &str| rest.trim_start().chars().take_while(is_name).collect::<String>();
    let mut names = Vec::new();
    for rest in ["crate::", "super::"].into_iter().flat_map(|path| text.split(path).skip(1)) {
        match rest.strip_prefix('{') {
            Some(group) => names.extend(group.split('}').next().unwrap_or_default().split(',').map(name)),
            None => names.push(name(rest)),
        }
    }
    names
}

/// The texts of all files below with this extension.
fn files(dir: &Path, extension: &str) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            texts.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|found| found == extension) {
            texts.push(fs::read_to_string(&path)?);
        }
    }
    Ok(texts)
}

fn map() -> Result<String> {
    Ok(fs::read_to_string(root().join("ARCHITECTURE.md"))?)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
