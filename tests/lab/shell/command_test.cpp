// The shell's commands. Text filters are compared with the host's tools; the lab's own with their contract.
#include <fstream>

#include <gtest/gtest.h>

#include "tests/lab/shell/fake_kernel.hpp"
#include "tests/lab/shell/shell_run.hpp"

namespace irqlab::test {

namespace {

struct Row {
    const char* clause;
    const char* script;
};

// All read `t`, the text below. The oracle is the tool of the host, run by dash.
constexpr const char* sample = "10 beta  x\n9 alpha\ty\n\n100 gamma z\n9 alpha\ty\nBeta:two:three\nword words sword\n";
constexpr Row filters[] = {
    {"cat", "cat t - < t; cat -n t; cat -E t; cat no t"},
    {"head", "head -n 2 t; head -3 t; head -c 7 t; echo; head -n1 t t; head -n 99 t; cat t | head -n 1"},
    {"tail", "tail -n 2 t; tail -n +6 t; tail -c 5 t; tail -1 t; tail -n 0 t; printf 'a\\nb' | tail -n 1"},
    {"wc", "wc t; wc -l t; wc -lw t t; wc -c < t; cat t | wc -l; cat t | wc"},
    {"grep/basic", "grep alpha t; grep -n a t; grep -c a t; grep -v a t; grep -i beta t; grep zz t; echo $?; grep -q a t; echo $?"},
    {"grep/expressions", "grep '^9' t; grep 'a$' t; grep -E 'be|ga' t; grep 'b\\(e\\)t' t; grep -F '.' t; echo $?; grep -w word t; grep -x '' t; grep -o '[0-9]*' t; grep -e z -e two t"},
    {"grep/context", "grep -A1 beta t; grep -B1 gamma t; grep -n -C1 gamma t; grep -A0 9 t; grep -m1 9 t; seq 20 | grep -A1 -B1 5"},
    {"grep/files", "grep 9 t t; grep -h 9 t t; grep -l 9 t; grep -H two t; grep -c 9 t t; grep 9 no; echo $?; grep -s 9 no; echo $?; grep -o -w word t"},
    {"sed", "sed s/a/A/ t; sed 's/a/A/g' t; sed -n 2p t; sed -n '2,3p' t; sed 2d t; sed '/^9/d' t; sed -n '/9/,/100/p' t; sed -n '$p' t; sed 2q t; sed '$d' t"},
    {"sed/replacement", "sed 's/\\([a-z]*\\) \\(.*\\)/\\2 \\1/' t; sed -E 's/([0-9]+)/<\\1&>/' t; sed 's|a|/|2' t; sed -n 's/two/2/p' t; sed -e s/a/b/ -e s/b/c/ t; sed '1!d' t; sed -n '$=' t; sed 's/x*/-/g' t"},
    {"sort", "sort t; sort -n t; sort -r t; sort -u t; sort -rn t; sort -k2 t; sort -t: -k2 t; sort -nk1,1 -k2r t; sort -un t"},
    {"uniq", "sort t | uniq; sort t | uniq -c; sort t | uniq -d; sort t | uniq -u"},
    {"cut", "cut -d: -f2 t; cut -d' ' -f1 t; cut -c2-3 t; cut -d: -f2- t; cut -s -d: -f1,3 t; cut -c-2 t"},
    {"tr", "tr a-z A-Z < t; tr -d '\\n' < t; tr -s ' ' < t; tr '[:lower:]' '[:upper:]' < t; tr -cd '0-9\\n' < t; echo abc | tr ab x"},
    {"seq", "seq 3; seq 2 4; seq 1 3 10; seq 5 -2 1; seq -w 8 11; seq -s, 3; seq 3 1"},
    {"printf", "printf '%s-%d-%x-%o-%c|%5s|%-5s|%05d|%%\\n' a 10 255 8 xyz r l 42; printf '%s\\n' a b c; printf 'a\\tb\\101\\n'; printf '%b' 'x\\ny\\n'; printf '[%s]\\n'; printf '%d\\n' 0x10 010; printf '%.2f %5.1f\\n' 3.14159 2; printf '%*d\\n' 5 42"},
    {"basename and dirname", "basename /a/b.c .c; basename /a/b/; dirname /a/b /a b a/b/; basename /"},
    {"hexdump", "hexdump -C t; hexdump t; hexdump -n 5 -C t; head -c 3 t | hexdump -C; yes | head -n 50 | hexdump -C"},
    {"xxd", "xxd t; xxd -p t; xxd -l 5 t; xxd -s 3 -l 4 t; xxd -c 8 -g 1 t; printf abc | xxd"},
    {"od", "od t; od -c t; od -x t; od -An -tx1 t; od -A x -t x1 t; od -An -tu1 -N3 t; od -t d2 t; od -t x4 t; printf '\\377\\0' | od -c"},
    {"dd", "dd if=t of=u bs=4 count=2 2>/dev/null; cat u; dd if=t bs=1 skip=3 count=5 status=none; dd if=t of=u bs=2 seek=1 count=1 conv=notrunc status=none; cat u; dd if=t bs=3 count=1 2>&1 >/dev/null | head -n 2; dd if=no"},
    {"tee", "echo a | tee f g; cat f g; echo b | tee -a f; cat f"},
    {"xargs", "printf 'a b\\nc\\n' | xargs echo x; printf '1 2 3' | xargs -n 1 echo; printf 'a\\nb\\n' | xargs -I{} echo [{}]; printf '' | xargs -r echo never"},
    {"files", "mkdir d; mkdir d; mkdir -p d/e/f; ls d; touch x; rm x; rm x; rm -f x; rm d; rm; echo $?; chmod 640 t; ls -l t | cut -c1-10; chmod u+x,g-r t; ls -l t | cut -c1-10"},
    {"ls", "mkdir d; touch d/b d/a d/.h; ls; ls d; ls -a d; ls -A d; ls -d d; ls t d; ls no; echo $?; ls -r d"},
    {"env and sh", "env A=1 sh -c 'echo $A'; sh -c 'echo $0 $1' n a; nohup true; A=2 env | grep ^A=; sh -c 'exit 4'; echo $?; echo 'echo in $1' > s; sh s x; timeout 5 true; echo $?"},
    {"options", "head -Z t; echo $?; head no; tail no; sort no; sed p no; wc no; cut -c1 no; grep -Z9 2>/dev/null; cut; sleep; echo $?; sleep x; head -n x t"},
};

TEST(ShellCommands, FiltersAreAsTheHosts)
{
    for (const Row& row : filters) {
        reset_fake_kernel();
        fake_kernel().devices["/dev/null"] = {[](char*, std::size_t, std::int64_t) { return 0L; },
                                              [](const char*, std::size_t n) { return static_cast<long>(n); }, {}};
        const std::string theirs = fresh_directory();
        std::ofstream(theirs + "/t") << sample;
        const Outcome dash = run_dash(row.script, theirs);
        const std::string mine = fresh_directory();
        std::ofstream(mine + "/t") << sample;
        std::ofstream(mine + "/script.sh") << row.script;
        const Outcome ours = run_shell(std::string("exec 2>&1; ") + row.script);
        EXPECT_EQ(ours.output + ours.errors, dash.output) << row.clause;
        EXPECT_EQ(ours.status, dash.status) << row.clause;
        EXPECT_EQ(fake_kernel().open_files, 0) << row.clause;
    }
}

struct LabRow {
    const char* clause;
    const char* script;
    const char* output;
    const char* errors;
    int status;
};

void prepare()
{
    reset_fake_kernel();
    FakeKernel& k = fake_kernel();
    const std::string directory = fresh_directory();
    for (const char* name : {"x.ko", "bad.ko", "sym.ko", "twice.ko"})
        std::ofstream(directory + "/" + name) << "no ELF";
    k.module_errors = {{"bad.ko", -8}, {"sym.ko", -2}, {"twice.ko", -17}};
    k.delete_errors = {{"busy", -11}, {"none", -2}, {"held", -11}};
    k.files["/proc/modules"] = "held 16384 1 x,y, Live 0x0\nbusy 20480 2 - Live 0x0\n";
    k.files["/proc/interrupts"] = "           CPU0       CPU1\n  1:          9          1   IO-APIC   1-edge      i8042\nLOC:        500         20   Local timer interrupts\n";
    k.files["/sys/bus/pci/devices/0000:00:04.0/class"] = "0x00ff00\n";
    k.files["/sys/bus/pci/devices/0000:00:04.0/vendor"] = "0x1234\n";
    k.files["/sys/bus/pci/devices/0000:00:04.0/device"] = "0x11e8\n";
    k.files["/sys/bus/pci/devices/0000:00:04.0/revision"] = "0x10\n";
    k.log = {{6, 4'326'290'000, "loaded"}, {4, 12'000'001'000, "careful"}};
    k.devices["/dev/oops"].read = [](char*, std::size_t, std::int64_t) -> long { kill_current(9); };
    k.devices["/dev/oops"].write = [](const char*, std::size_t) -> long { kill_current(9); };
    k.devices["/dev/oops"].major = 246;
    k.devices["/dev/segv"].read = [](char*, std::size_t, std::int64_t) -> long { kill_current(11); };
    k.devices["/dev/hi"].read = [](char* to, std::size_t size, std::int64_t at) -> long {
        return at > 2 ? 0 : static_cast<long>(std::string("hi\n").copy(to, size, static_cast<std::size_t>(at)));
    };
    k.devices["/dev/hi"].write = [](const char*, std::size_t) -> long { return -22; };
    k.devices["/dev/hi"].ioctl = [](unsigned command, unsigned long argument) { return command == 1 ? static_cast<int>(argument) : -25; };
    k.rtc_not_ready = 3;
}

constexpr LabRow lab_rows[] = {
    {"kill/cat of a driver that oopses", "cat /dev/oops; echo $?", "137\n", "Killed\n", 0},
    {"kill/segmentation fault", "cat /dev/segv; echo $?", "139\n", "Segmentation fault\n", 0},
    {"kill/echo into it", "echo 1 > /dev/oops; echo $?", "137\n", "Killed\n", 0},
    {"kill/echo in a group", "{ echo 1; } > /dev/oops; echo $?", "137\n", "Killed\n", 0},
    {"kill/read from it", "read x < /dev/oops; echo $?", "137\n", "Killed\n", 0},
    {"kill/in a substitution", "x=$(cat /dev/oops); echo $? [$x]", "137 []\n", "Killed\n", 0},
    {"kill/background", "cat /dev/oops & wait $!; echo $?", "137\n", "Killed\n", 0},
    {"kill/in a subshell, told once", "(cat /dev/oops; echo in); echo $?", "in\n0\n", "Killed\n", 0},
    {"device/read", "read x < /dev/hi; echo $x; cat /dev/hi; [ -c /dev/hi ] && echo char", "hi\nhi\nchar\n", "", 0},
    {"device/write refused", "echo 1 > /dev/hi; echo $?", "1\n", "echo: write error: Invalid argument\n", 0},
    {"device/missing", "cat /dev/none; head -c1 /dev/none", "", "cat: /dev/none: No such file or directory\nhead: cannot open '/dev/none' for reading: No such file or directory\n", 1},
    {"ls/device", "ls -l /dev/oops", "crw------- 1 root root 246, 0 Jan  1  1970 /dev/oops\n", "", 0},
    {"ioctl", "ioctl /dev/hi 1 7; ioctl /dev/hi 1; ioctl /dev/hi 2", "7\n", "ioctl: /dev/hi: Inappropriate ioctl for device\n", 1},
    {"kmod/insmod", "insmod x.ko a=1 b=x; echo $?", "0\n", "", 0},
    {"kmod/insmod errors", "insmod bad.ko; insmod sym.ko; insmod twice.ko; insmod no.ko; insmod", "",
     "insmod: ERROR: could not insert module bad.ko: Invalid module format\n"
     "insmod: ERROR: could not insert module sym.ko: Unknown symbol in module\n"
     "insmod: ERROR: could not insert module twice.ko: File exists\n"
     "insmod: ERROR: could not load module no.ko: No such file or directory\n"
     "insmod: ERROR: missing filename.\n", 1},
    {"kmod/rmmod", "rmmod x; rmmod busy; rmmod held.ko; rmmod none", "",
     "rmmod: ERROR: Module busy is in use\nrmmod: ERROR: Module held is in use by: x y\nrmmod: ERROR: Module none is not currently loaded\n", 1},
    {"kmod/lsmod", "lsmod", "Module                  Size  Used by\nheld                   16384  1 x,y\nbusy                   20480  2\n", "", 0},
    {"kmod/modprobe", "modprobe x p=1; modprobe held; modprobe nope; modprobe -r busy", "",
     "modprobe: FATAL: Module nope not found in directory /lib/modules/6.1.0\nmodprobe: FATAL: Module busy is in use.\n", 1},
    {"dmesg", "dmesg; dmesg -t; dmesg -l warn; dmesg -c > /dev/out; dmesg",
     "[    4.326290] loaded\n[   12.000001] careful\nloaded\ncareful\n[   12.000001] careful\n", "", 0},
    {"lsirq", "lsirq", "IRQ TOTAL NAME\nLOC   520 Local timer interrupts\n  1    10 IO-APIC 1-edge i8042\n", "", 0},
    {"lspci", "lspci; lspci -n", "00:04.0 Unclassified device [00ff]: Device 1234:11e8 (rev 10)\n00:04.0 00ff: 1234:11e8 (rev 10)\n", "", 0},
    {"uname and id", "uname -r; uname -a; id -u; whoami; date -u +%F", "6.1.0\nLinux lab 6.1.0 #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux\n0\nroot\n2023-11-20\n", "", 0},
    {"virtual time", "time; sleep 1.5; time; sleep 2m 0.5; time", "0.000000000\n1.500000000\n122.000000000\n", "", 0},
    {"watch", "watch -t -n 1 --rounds 2 echo hi; time", "hi\nhi\n1.000000000\n", "", 0},
    {"host/not available", "make; echo $?; show pic; echo $?", "2\n2\n", "script.sh: 1: make: not available here\nshow: not available here\n", 0},
    {"taskset", "taskset 2 taskset -p 0; taskset -c 0,2-3 taskset -p 0; sudo -n echo root", "pid 0's current affinity mask: 2\npid 0's current affinity mask: d\nroot\n", "", 0},
    {"irq/wrong", "irq raise 99; irq raise; irq pulse x", "", "irq: the board has no line 99\nUsage: irq raise|lower N | pulse N [COUNT]: drives an ISA line or GSI by hand\nirq: invalid number: 'x'\n", 2},
    {"cpu/wrong", "cpu exception 32; cpu exception; cpu nmi 9; cpu smi 0 0", "", "cpu: invalid number: '32'\nUsage: cpu offline|online N: takes a modelled CPU out, or back in; exception N [ERROR] | nmi [N] | smi [N]: raises it\ncpu: there is no CPU 9\nUsage: cpu offline|online N: takes a modelled CPU out, or back in; exception N [ERROR] | nmi [N] | smi [N]: raises it\n", 2},
    {"help", "irq --help; rtc --help", "Usage: irq raise|lower N | pulse N [COUNT]: drives an ISA line or GSI by hand\nUsage: rtc rate HZ | event: sets the periodic rate, or lets the next enabled event happen now\n", "", 0},
};

TEST(ShellCommands, LabAndKmod)
{
    for (const LabRow& row : lab_rows) {
        prepare();
        const Outcome ours = run_shell(row.script);
        EXPECT_EQ(ours.output, row.output) << row.clause;
        EXPECT_EQ(ours.errors, row.errors) << row.clause;
        EXPECT_EQ(ours.status, row.status) << row.clause;
    }
}

struct StimulusRow {
    const char* clause;
    const char* script;
    std::vector<std::string> calls;
};

TEST(ShellCommands, Stimuli)
{
    const StimulusRow stimulus_rows[] = {
        {"irq", "irq raise 5; irq lower 5; irq pulse 7 2", {"line 5 high", "line 5 low", "line 7 high", "line 7 low", "line 7 high", "line 7 low"}},
        {"kbd/8042 set 1: make, break, shift, a full buffer", "kbd type aB", {"kbd 1e 9e 2a 30", "kbd b0 aa"}},
        {"kbd/press", "kbd press 0xe0 0x48 200", {"kbd e0 48 c8"}},
        {"uart", "uart 0 send 'a b'; uart 1 bytes 0x41 66", {"uart 0 61 20 62", "uart 1 41 42"}},
        {"rtc waits until an event is enabled", "rtc rate 64; rtc event", {"rate 64", "rtc event"}},
        {"others", "mouse move 3 -4; lpt ack; cpu offline 1; cpu online 1", {"mouse 3 -4", "lpt ack", "cpu 1 off", "cpu 1 on"}},
        {"cpu", "cpu exception 13 0x18; cpu exception 0; cpu nmi; cpu nmi 2; cpu smi; cpu smi 1", {"exception 13 24", "exception 0 0", "nmi pin", "nmi 2", "smi 0", "smi 1"}},
    };
    for (const StimulusRow& row : stimulus_rows) {
        prepare();
        EXPECT_EQ(run_shell(row.script).status, 0) << row.clause;
        EXPECT_EQ(fake_kernel().stimuli, row.calls) << row.clause;
    }
}

TEST(ShellCommands, ModinfoIsAsKmods)
{
    reset_fake_kernel();
    const std::string directory = fresh_directory();
    std::ofstream(directory + "/m.c") << "#define S(n, s) static const char n[] __attribute__((section(\".modinfo\"), used, aligned(1))) = s;\n"
                                         "S(a, \"license=GPL\") S(b, \"author=Me\") S(c, \"parmtype=irq:int\") S(d, \"parm=irq:The line\")\n"
                                         "S(e, \"parmtype=name:charp\") S(f, \"parm=other:no type\") S(g, \"depends=\") S(h, \"vermagic=6.1.0 SMP\")\n";
    const Outcome kmod = run_dash("gcc -c m.c -o m.ko; /usr/sbin/modinfo $PWD/m.ko; /usr/sbin/modinfo -F author m.ko; /usr/sbin/modinfo no.ko", directory);
    const Outcome ours = run_shell("exec 2>&1; modinfo $PWD/m.ko; modinfo -F author m.ko; modinfo no.ko");
    EXPECT_EQ(ours.output, kmod.output);
    EXPECT_EQ(ours.status, kmod.status);
}

TEST(ShellCommands, TasksAreNamedAfterCommands)
{
    prepare();
    run_shell("cat /dev/hi; echo 1 > /dev/hi; cat /dev/hi | wc -l");
    const std::vector<std::string> expected = {"cat", "cat", "sh", "cat", "cat", "wc", "wc"};
    EXPECT_EQ(fake_kernel().comms, expected);
}

TEST(ShellCommands, HostCommandsAndShowGoToTheHooks)
{
    prepare();
    std::string seen;
    lab::ShellHooks hooks;
    hooks.context = &seen;
    hooks.show = [](void*, int argc, const char* const* argv, std::pmr::string& out) {
        out.append(argv[argc - 1]).append(" registers\n");
        return 0;
    };
    hooks.host_command = [](void* context, int argc, const char* const* argv, const char*, const char* data, std::size_t size, std::pmr::string& out) {
        *static_cast<std::string*>(context) += std::string(argv[argc - 1]) + ":" + std::string(data, size);
        out.append("built\n");
        return 3;
    };
    const Outcome ours = run_shell("show pic; make all; echo $?; echo in | gcc -", hooks);
    EXPECT_EQ(ours.output, "pic registers\nbuilt\n3\nbuilt\n");
    EXPECT_EQ(seen, "all:-:in\n");
}

} // namespace

} // namespace irqlab::test
