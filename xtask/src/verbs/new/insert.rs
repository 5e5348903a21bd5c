//! Inserts lines into a YAML file of a transcript. The existing lines do not change.

/// Returns `text` with `lines` at the end of the mapping or list below the chain `keys`. Adds missing keys.
pub fn at_end(text: &str, keys: &[&str], lines: &str) -> String {
    let all: Vec<&str> = text.lines().collect();
    let mut range = (0, all.len());
    for (level, key) in keys.iter().enumerate() {
        match block(&all, range, level, key) {
            Some(found) => range = found,
            None => {
                let missing = keys.get(level..).unwrap_or_default();
                return join(&all, range.1, &with_keys(missing, level, lines));
            }
        }
    }
    join(&all, range.1, lines)
}

/// Returns the range of the lines that belong to the value of a key, or `None` if the key is missing.
fn block(
    all: &[&str],
    (from, to): (usize, usize),
    level: usize,
    key: &str,
) -> Option<(usize, usize)> {
    let head = format!("{}{key}:", "  ".repeat(level));
    let start = (from..to).find(|index| {
        let line = all.get(*index).copied().unwrap_or_default();
        line.trim_end() == head
    })? + 1;
    let inside = |index: &usize| {
        let line = all.get(*index).copied().unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        line.trim().is_empty()
            || indent > level * 2
            || (indent == level * 2 && line.trim_start().starts_with("- "))
    };
    let end = start + (start..to).take_while(inside).count();
    Some((start, end))
}

fn with_keys(keys: &[&str], level: usize, lines: &str) -> String {
    let heads = keys.iter().enumerate();
    let heads: String = heads
        .map(|(deeper, key)| format!("{}{key}:\n", "  ".repeat(level + deeper)))
        .collect();
    heads + lines
}

fn join(all: &[&str], at: usize, lines: &str) -> String {
    let ended = |line: &&str| format!("{line}\n");
    let mut text: String = all.iter().take(at).map(ended).collect();
    text.push_str(lines);
    text.extend(all.iter().skip(at).map(ended));
    text
}

#[cfg(test)]
mod tests;
