// The shell's language. The oracle is the host's dash: the same script, the same output and status.
#include <fstream>

#include <gtest/gtest.h>

#include "tests/lab/shell/fake_kernel.hpp"
#include "tests/lab/shell/shell_run.hpp"

namespace irqlab::test {

namespace {

struct Row {
    const char* clause; // of [POSIX] "Shell Command Language", or of dash
    const char* script;
};

constexpr Row rows[] = {
    {"Quoting/escape", R"(echo a\ b \$x "\$x" '\$x' "a\qb" a\
b)"},
    {"Quoting/single and double", R"(echo 'a "b" $c' "it's" "a`echo b`c" '')"},
    {"Quoting/empty arguments stay", R"(set -- "" a ''; echo $#; for i in "$@"; do echo "<$i>"; done)"},
    {"Parameter/default", "echo ${x-d} ${x:-e} ${x:=f} $x ${x:+g} ${y+h}; y=; echo ${y-a} ${y:-b} \"${y:+c}\" ${y+d}"},
    {"Parameter/default quoted", "echo \"${x:-a  b}\" ${x:-a  b} \"${x:-\"q r\"}\" ${x:-'s  t'}; set -- ${x:-a b}; echo $#"},
    {"Parameter/length", "x=hello; echo ${#x} ${#} ${#nope}; set -- a b; echo ${#} $#"},
    {"Parameter/trim", "f=a/b/c.tar.gz; echo ${f##*/} ${f#*/} ${f%.*} ${f%%.*}; p='*'; x='*y'; echo \"${x#\"$p\"}\" ${f#\"*/\"}"},
    {"Parameter/error", "echo start; echo ${nope:?is not there}; echo never"},
    {"Parameter/positional", "set -- a b c d e f g h i j k; echo $1 ${10} ${11} $10 $#; shift 3; echo $1 \"$*\""},
    {"Parameter/at and star", "set -- 'a b' c; for i in \"$@\"; do echo \"<$i>\"; done; for i in $*; do echo \"[$i]\"; done; IFS=-; echo \"$*\" \"x$@y\""},
    {"Parameter/at empty", "set --; for i in \"$@\"; do echo never; done; echo \"a$@b\" $#; set -- \"$@\" x; echo $#"},
    {"Splitting/blanks", "x='  a   b '; echo $x; echo \"$x\"; set -- $x; echo $#; y=1$x; set -- 0$x; echo $#"},
    {"Splitting/IFS", "IFS=:; x=a:b::c:; set -- $x; echo $#; for i in $x; do echo \"<$i>\"; done; IFS=; x='a b'; set -- $x; echo $#"},
    {"Splitting/mixed IFS", "IFS=' ,'; x='a , b,,c , '; set -- $x; echo $#; for i in \"$@\"; do echo \"<$i>\"; done"},
    {"Splitting/literal text is not split", "IFS=x; echo axb; v=axb; echo $v a$v"},
    {"Substitution/nested", "echo $(echo a $(echo b `echo c`) \"$(echo 'd  e')\"); x=$(printf 'l\\n\\n\\n'); echo \"[$x]\""},
    {"Substitution/status", "x=$(false); echo $?; x=$(exit 3) y=1; echo $?; echo $(exit 4) $?"},
    {"Substitution/case inside", "echo $(case a in (a) echo yes;; esac)"},
    {"Substitution/backquote escapes", R"(echo `echo \`echo in\` \$x "\"q\""`)"},
    {"Arithmetic/operators", "echo $((1+2*3)) $(((1+2)*3)) $((7/2)) $((7%3)) $((-7/2)) $((1<<4|1)) $((~5)) $((!0)) $((5>3)) $((3==3&&2!=2))"},
    {"Arithmetic/bases", "echo $((0x1f)) $((010)) $((0xFF & ~0xF)) $((1 ? 2 : 3)) $((0||0)) $((1^3))"},
    {"Arithmetic/assign", "x=5; echo $((x+=2)) $x $((y=x*2)) $y $(($x-1)) $((x<<=1)) $((x = 3, 1)) 2>/dev/null || echo e"},
    {"Arithmetic/skipped branch", "x=1; echo $((1 || (x=9))) $x $((0 && (x=9))) $x $((1?1:1/0))"},
    {"Arithmetic/unset is zero", "echo $((nope)) $((nope+1)); e=; echo $((e))"},
    {"Arithmetic/division by zero", "echo a; echo $((1/0)); echo never"},
    {"Redirection/files", "echo a > f; echo b >> f; cat f; cat < f > g; wc -l < g; echo c >| f; cat f"},
    {"Redirection/errors", "cat nothing 2> e; echo $?; cat e; cat nothing > o 2>&1; cat o; { echo out; echo err >&2; } 2>&1 | cat"},
    {"Redirection/missing", "cat < nothing; echo $?; echo x > no/dir; echo $?; echo end"},
    {"Redirection/descriptors", "exec 3> f; echo three >&3; exec 3>&-; cat f; exec 4< f; read x <&4; echo $x; { echo g; } 5>&1 >&5"},
    {"Redirection/group", "{ echo a; echo b; } > f; cat f; for i in 1 2; do echo $i; done > g; cat g; while read l; do echo \"<$l>\"; done < f"},
    {"Redirection/here", "x=1; cat <<E\na $x `echo b` $((1+1)) \\$x \"q\"\nE\ncat <<'E'\na $x `b`\nE\ncat <<-E\n\ttab\n\tE\ncat <<A; cat <<B\n1\nA\n2\nB"},
    {"Redirection/here in a pipeline", "cat <<E | tr a b | sed s/b/c/\naxa\nE\nx=$(cat <<E\nin\nE\n); echo $x"},
    {"Pipeline/status", "false | true; echo $?; true | false; echo $?; ! true; echo $?; ! false | false; echo $?; exit 3 | cat; echo $?"},
    {"Pipeline/variables stay in it", "x=1; echo 2 | read x; echo $x; echo a b c | while read a rest; do echo $rest $a; done"},
    {"Lists/and or", "true && echo a || echo b; false && echo c || echo d; false || false || echo e; true || echo f && echo g"},
    {"Compound/if", "if false; then echo a; elif true; then echo b; else echo c; fi; if false; then :; fi; echo $?"},
    {"Compound/for", "for i in 1 2 3; do echo $i; done; for i in; do echo never; done; set -- x y; for i do echo $i; done; for i\nin a\ndo\necho $i\ndone"},
    {"Compound/while until", "i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done; until [ $i -eq 0 ]; do i=$((i-1)); done; echo $i"},
    {"Compound/break continue", "for i in 1 2 3; do for j in a b c; do [ $j = b ] && continue 2; [ $i = 3 ] && break 2; echo $i$j; done; done; echo $?"},
    {"Compound/case", "for w in a bc 'x y' '*' '' 12; do case $w in a) echo A;; b*|c) echo B;; *' '*) echo S;; \\*) echo star;; '') echo E;; [0-9]*) echo N;; esac; done; case q in x) ;; esac; echo $?"},
    {"Compound/case quoted pattern", "p='a*'; case abc in \"$p\") echo no;; $p) echo yes;; esac; case 'a*' in \"$p\") echo lit;; esac; case ] in []]) echo bracket;; esac; case b in [!a]) echo not;; esac"},
    {"Compound/subshell", "x=1; (x=2; echo $x; exit 5); echo $? $x; (cd /; pwd); { x=3; }; echo $x"},
    {"Functions", "f() { echo \"$# $1\"; return 3; echo never; }; f a b; echo $?; set -- z; f; echo $1; g() (exit 4); g; echo $?"},
    {"Functions/local and recursion", "x=g; f() { local x=l; echo $x; }; f; echo $x; n() { [ $1 -eq 0 ] || { echo $1; n $(($1-1)); }; }; n 4"},
    {"Functions/redirected", "f() { echo out; echo err >&2; } 2> e; f; cat e; f > o; cat o"},
    {"Assignments/prefix", "x=1; x=2 sh -c 'echo $x'; echo $x; f() { echo $x; }; x=3 f; echo $x; y=4 :; echo $y; a=1 b=$a; echo $b"},
    {"Assignments/export", "a=1; sh -c 'echo [$a]'; export a; sh -c 'echo [$a]'; export b='x  y'; sh -c 'echo \"$b\"'; unset a; echo ${a-gone}; readonly r=1; r=2; echo never"},
    {"Options/e", "set -e; false || echo a; if false; then :; fi; ! true; false && true; echo b; (exit 3); echo never"},
    {"Options/e in functions", "set -e; f() { false; echo in; }; f || echo or; f && echo and; f; echo never"},
    {"Options/u", "set -u; echo ${x-ok}; echo $x; echo never"},
    {"Options/x", "set -x; echo a b; x=1; : $x; set +x; echo c"},
    {"Builtins/eval", "x='echo a; y=5'; eval \"$x\"; echo $y; eval 'for i in 1 2; do echo $i; done'; eval 'f() { echo f; }'; f; eval false; echo $?; eval; echo $?"},
    {"Builtins/source", "echo 'v=7; echo in; return 4; echo never' > s; . ./s; echo $? $v"},
    {"Builtins/read", "printf 'a b c\\nd\\\\ne f\\n  x  y \\nlast' > f; { read a b; echo \"$a|$b\"; read -r c; printf '%s\\n' \"$c\"; read -r d; echo \"$d\"; read e; echo $? \"$e\"; read g; echo $? \"$g\"; } < f"},
    {"Builtins/read IFS", "echo a:b::c | { IFS=: read w x y z; echo \"$w|$x|$y|$z\"; }; echo '1,2,3' | { IFS=, read a b; echo \"$a|$b\"; }; echo 'a:b:' | { IFS=: read a b; echo \"$a|$b\"; }"},
    {"Builtins/exit in a condition", "if (exit 2); then :; else echo $?; fi; f() { exit 7; }; f; echo never"},
    {"Builtins/trap EXIT", "trap 'echo bye $?' EXIT; echo hi; (echo sub); exit 3"},
    {"Builtins/wait", "sh -c 'exit 3' & wait $!; echo $?; true & wait; echo $?; (exit 9) & p=$!; wait $p; echo $?; wait 99999; echo $?"},
    {"Builtins/shift", "set -- 1 2 3; shift; echo $@; shift 2; echo $#; shift; echo never"},
    {"Builtins/command and exec", "echo() { printf 'mine\\n'; }; command echo real; echo x; (exec sh -c 'exit 6'); printf '%s\\n' $?"},
    {"Builtins/cd", "mkdir d; cd d; basename $PWD; cd ..; cd - > /dev/null; basename \"$(pwd)\"; cd nowhere; printf '%s\\n' $?"},
    {"Commands/not found", "nosuchcommand a; echo $?; nosuch | cat; echo end"},
    {"Pathnames", "touch a1 a2 b1 .h; mkdir d; touch d/x d/y; echo *; echo a? [ab]1 d/* */x .h* 'a*' \"a*\" a\\* z*; x='a*'; echo $x \"$x\"; set -f; echo a*"},
    {"Test/strings and numbers", "[ a = a ]; echo $?; [ a != a ]; echo $?; [ 2 -gt 10 ]; echo $?; [ -n '' ]; echo $?; [ ]; echo $?; [ x ]; echo $?; [ ! x ]; echo $?; [ a = a -a b = c ]; echo $?; [ a = b -o 1 -le 1 ]; echo $?; [ '(' x ')' ]; echo $?; [ -z ]; echo $?; [ ! = x ]; echo $?"},
    {"Test/files", "touch e; echo x > s; mkdir d; for o in e f d s r w c; do for f in e s d no /dev/null; do [ -$o $f ] && echo $o $f; done; done; true"},
    {"Test/wrong", "[ a -eq 1 ]; echo $?; [ a = a; echo $?"},
    {"Comments and lines", "# first\necho a # b\necho a#b '#c'\n\n  echo \\\n x; echo a;# end\necho b&&echo c||echo d"},
    {"Line numbers", "echo\necho\nnosuch1\nif true\nthen\nnosuch2\nfi\nf() {\nnosuch3\n}\nf"},
    {"Signals/killed child", "sh -c 'kill -9 $$'; echo $?; sh -c 'kill -15 $$' | cat; echo $?"},
    {"Deep/many elements", "x=0; for i in 1 2 3 4 5 6 7 8 9 10; do x=$((x+i)); done; echo $x; true && true && true && true && echo ok"},
};

TEST(ShellLanguage, SameAsDash)
{
    for (const Row& row : rows) {
        reset_fake_kernel();
        fake_kernel().devices["/dev/null"] = {[](char*, std::size_t, std::int64_t) { return 0L; },
                                              [](const char*, std::size_t n) { return static_cast<long>(n); }, {}};
        const Outcome dash = run_dash(row.script, fresh_directory());
        std::ofstream(fresh_directory() + "/script.sh") << row.script; // pathname patterns see it in both
        // Both outputs into one stream, as dash's were: a group gives no message another name or line.
        const Outcome ours = run_shell(std::string("exec 2>&1; ") + row.script);
        EXPECT_EQ(ours.output + ours.errors, dash.output) << row.clause << "\n" << row.script;
        EXPECT_EQ(ours.status, dash.status) << row.clause << "\n" << row.script;
        EXPECT_EQ(fake_kernel().open_files, 0) << row.clause << ": descriptors are left open";
    }
}

constexpr Row syntax_rows[] = {
    {"dash/fi", "fi"}, {"dash/fi for then", "if true\nfi"}, {"dash/no fi", "if true; then\n"}, {"dash/for", "for\n"},
    {"dash/for x y", "for x y\n"}, {"dash/case", "case x in\n"}, {"dash/(", "(\n"}, {"dash/( )", "( )\n"}, {"dash/{ }", "{ }\n"},
    {"dash/| |", "a | | b\n"}, {"dash/&& end", "a && \n"}, {"dash/&& first", "&& b\n"}, {"dash/\"", "echo \"abc\n"},
    {"dash/'", "echo 'abc\n"}, {"dash/`", "echo `abc\n"}, {"dash/${", "echo ${x"}, {"dash/$(", "echo $(a\n"}, {"dash/;;", "a ;; b\n"},
    {"dash/while done", "while true; done\n"}, {"dash/f()", "f() \n"}, {"dash/a ( b )", "a ( b )\n"}, {"dash/)", "echo )\n"},
    {"dash/>", "echo >\n"}, {"dash/> ;", "echo > ;\n"}, {"dash/if ;", "if; then x; fi\n"}, {"dash/;", "; a\n"},
    {"dash/no esac", "case x in a) echo b\n"}, {"dash/for 1x", "for 1x in a; do :; done\n"}, {"dash/do", "do\n"}, {"dash/!", "! \n"},
    {"dash/$((", "echo $((1+2\n"}, {"dash/f( a )", "f( a ) { :; }\n"}, {"dash/until", "until\n"}, {"dash/for end", "for x in a\n"},
    {"dash/else end", "if a\nthen b\nelse c\n\n"}, {"dash/elif", "if a; then b; elif; then c; fi\n"}, {"dash/done", "while :; do\n:\ndone done\n"},
};

TEST(ShellLanguage, SyntaxErrorsAreDashs)
{
    for (const Row& row : syntax_rows) {
        reset_fake_kernel();
        const Outcome dash = run_dash(row.script, fresh_directory());
        const Outcome ours = run_shell(row.script);
        EXPECT_EQ(ours.errors, dash.output) << row.clause;
        EXPECT_EQ(ours.status, 2) << row.clause;
    }
}

TEST(ShellLanguage, NothingRunsBeforeASyntaxError)
{
    reset_fake_kernel();
    const Outcome ours = run_shell("echo a\nfi\n");
    EXPECT_EQ(ours.output, "");
    EXPECT_EQ(ours.errors, "script.sh: 2: Syntax error: \"fi\" unexpected\n");
}

TEST(ShellLanguage, DepthIsBounded)
{
    for (const char* piece : {"(", "{ ", "$(", "`echo $(", "\"$(", "${x:-", "$((", "if ", "while ", "! ", "((", "a() "}) {
        std::string text;
        for (int i = 0; i < 20000; ++i)
            text += piece;
        lab::Script script;
        lab::ParseError error;
        EXPECT_FALSE(lab::Script::parse(text, "deep", script, error)) << piece;
    }
    reset_fake_kernel();
    const Outcome recursion = run_shell("f() { f; }; f");
    EXPECT_EQ(recursion.status, 2);
    EXPECT_EQ(recursion.errors, "script.sh: 1: nested too deeply\n");
    EXPECT_EQ(run_shell("x='((('; echo $(($x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x 1))").status, 2);
}

struct CompleteRow {
    const char* clause;
    const char* text;
    bool complete;
};

TEST(ShellLanguage, CompleteLines)
{
    constexpr CompleteRow complete_rows[] = {
        {"a command", "echo a\n", true}, {"open quote", "echo 'a\n", false}, {"if", "if true\n", false},
        {"if done", "if true; then :; fi\n", true}, {"pipe", "a |\n", false}, {"and", "a &&\n", false},
        {"continued", "a \\\n", false}, {"here", "cat <<E\nx\n", false}, {"here done", "cat <<E\nx\nE\n", true},
        {"wrong, but not by its end", "fi\n", true}, {"$(", "echo $(a\n", false}, {"for", "for i in a\n", false}, {"empty", "", true}};
    for (const CompleteRow& row : complete_rows)
        EXPECT_EQ(lab::Interactive::complete(row.text), row.complete) << row.clause;
}

TEST(ShellLanguage, InteractiveKeepsState)
{
    reset_fake_kernel();
    static std::pmr::monotonic_buffer_resource arena(std::pmr::new_delete_resource());
    const int status = run_task(
        [](void*) {
            lab::Interactive shell(arena, {}, "lab");
            shell.run_line("x=5; f() { echo f$x; }\n");
            shell.run_line("fi\n");
            shell.run_line("f; false\n");
            shell.run_line("echo $?\n");
            const bool before = shell.exited();
            const int result = shell.run_line("exit 4\n");
            return !before && shell.exited() ? result : 99;
        },
        nullptr);
    EXPECT_EQ(status, 4);
    EXPECT_EQ(fake_kernel().output, "f5\n1\n");
    EXPECT_EQ(fake_kernel().errors, "lab: 1: Syntax error: \"fi\" unexpected\n");
}

} // namespace

} // namespace irqlab::test
