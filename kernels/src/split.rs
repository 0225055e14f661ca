//! One PTX text into several: nvcc compiles many kernels at once, a program loads those of one function.

/// The PTX of a set of kernels.
#[derive(Debug)]
pub(crate) struct Module<'a> {
    /// What comes before everything else: version and target.
    header: &'a str,
    items: Vec<Item<'a>>,
}

/// A kernel, a function or a table.
#[derive(Debug)]
struct Item<'a> {
    name: &'a str,
    text: &'a str,
    is_kernel: bool,
}

impl<'a> Module<'a> {
    /// Takes a text apart. Items end with a brace or a semicolon outside of braces, at the end of a line.
    pub(crate) fn parse(ptx: &'a str) -> Module<'a> {
        let after_header = ptx.find(".address_size").and_then(|at| Some(at + ptx[at..].find('\n')? + 1));
        let (header, rest) = ptx.split_at(after_header.unwrap_or(0));
        let (mut items, mut start, mut depth, mut at) = (vec![], 0, 0_usize, 0);
        for line in rest.split_inclusive('\n') {
            at += line.len();
            let code = line.split("//").next().unwrap_or_default().trim_end();
            for brace in code.chars() {
                match brace {
                    '{' => depth += 1,
                    '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            if depth == 0 && (code.ends_with('}') || code.ends_with(';')) {
                items.push(Item::new(&rest[start..at]));
                start = at;
            }
        }
        Module { header, items }
    }

    /// The text with the kernels whose names are wanted, and all that they use.
    pub(crate) fn part(&self, wanted: &dyn Fn(&str) -> bool) -> String {
        let mut used: Vec<bool> = self.items.iter().map(|item| item.is_kernel && wanted(item.name)).collect();
        let mut pending: Vec<usize> = (0..used.len()).filter(|n| used[*n]).collect();
        while let Some(user) = pending.pop() {
            for (n, item) in self.items.iter().enumerate() {
                if !used[n] && !item.is_kernel && self.items[user].text.contains(item.name) {
                    used[n] = true;
                    pending.push(n);
                }
            }
        }
        let items = self.items.iter().zip(used).filter(|(_, used)| *used).map(|(item, _)| item.text);
        std::iter::once(self.header).chain(items).collect()
    }
}

impl<'a> Item<'a> {
    fn new(text: &'a str) -> Item<'a> {
        let code = || text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let first = code().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let is_kernel = first.contains(".entry");
        // A name stands before the list of parameters, or before the length of a table.
        let declared = first.split(['(', '[', '=', ';']).next().unwrap_or_default();
        let of_function =
            first.rsplit_once(") ").filter(|_| first.starts_with(".func")).map(|(_, name)| name);
        let name = of_function.unwrap_or(declared).trim_end_matches('(').trim();
        Item { name: name.split_whitespace().last().unwrap_or(name), text, is_kernel }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PTX: &str = "//\n// Generated\n\n.version 9.0\n.target sm_75\n.address_size 64\n\n\t// .globl\ta\n\
        .func  (.param .b64 func_retval0) slow\n(\n\t.param .b64 slow_param_0\n)\n;\n\
        .const .align 8 .b8 TABLE[2] = {1, 2};\n.global .align 4 .b8 OTHER[2] = {1, 2};\n\
        .visible .entry keops_a(\n\t.param .b64 a_0\n)\n.maxntid 128, 1, 1\n{\n\t{ call slow; }\n\tret;\n\n}\n\
        \t// .globl\tkeops_b\n.visible .entry keops_b()\n{\n\tret;\n}\n\
        .func  (.param .b64 func_retval0) slow(\n\t.param .b64 slow_param_0\n)\n{\n\tld TABLE;\n\tret;\n}\n";

    #[test]
    fn kernels_take_with_them_what_they_use() {
        let module = Module::parse(PTX);
        let names: Vec<_> = module.items.iter().map(|item| (item.name, item.is_kernel)).collect();
        assert_eq!(
            names,
            [
                ("slow", false),
                ("TABLE", false),
                ("OTHER", false),
                ("keops_a", true),
                ("keops_b", true),
                ("slow", false)
            ]
        );
        let a = module.part(&|name| name == "keops_a");
        assert!(a.starts_with("//\n// Generated") && a.contains(".entry keops_a(") && a.contains("TABLE[2]"));
        assert_eq!(a.matches("slow").count() - a.matches("slow_param").count(), 3, "{a}");
        assert!(!a.contains("keops_b()") && !a.contains("OTHER"));
        let b = module.part(&|name| name == "keops_b");
        assert!(b.contains(".entry keops_b()") && !b.contains("slow") && !b.contains("TABLE"));
    }

    #[test]
    fn nothing_is_lost_when_all_is_wanted() {
        let module = Module::parse(PTX);
        let all = module.part(&|_| true);
        assert_eq!(all.len(), PTX.len() - ".global .align 4 .b8 OTHER[2] = {1, 2};\n".len());
    }
}
