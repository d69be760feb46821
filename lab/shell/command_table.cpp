// Every command of the shell: its name, its function, its one line of help.
#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

constexpr CommandEntry commands[] = {
    {":", true_command, nullptr, true},
    {"[", test_command, nullptr, true},
    {"basename", basename_command, "NAME [SUFFIX]: strips directory and suffix from a name"},
    {"bash", sh_command, "[-eux] [-c COMMANDS | FILE] [ARG]...: runs the lab's shell"},
    {"cat", cat_command, "[-nE] [FILE]...: copies files to standard output as they come"},
    {"chmod", chmod_command, "MODE FILE...: sets permission bits, octal or [ugoa][+-=][rwx]"},
    {"chown", accept_command, "OWNER[:GROUP] FILE...: accepted; everything in the lab is root's"},
    {"cpu", cpu_command, "offline|online N: takes a modelled CPU out, or back in; exception N [ERROR] | nmi [N] | smi [N]: raises it"},
    {"cut", cut_command, "-f LIST [-d C] [-s] | -c LIST [FILE]...: prints parts of lines"},
    {"date", date_command, "[-u] [+FORMAT]: prints the lab's date"},
    {"dd", dd_command, "[if=F] [of=F] [bs=N] [count=N] [skip=N] [seek=N] [conv=notrunc] [status=none]: copies blocks"},
    {"dirname", dirname_command, "NAME...: strips the last component"},
    {"dmesg", dmesg_command, "[-c] [-C] [-w] [-t] [-l LEVELS] [-n LEVEL]: prints the kernel's log"},
    {"echo", echo_command, nullptr, true},
    {"egrep", grep_command, "PATTERN [FILE]...: grep -E"},
    {"env", env_command, "[NAME=VALUE]... [COMMAND [ARG]...]: runs a command with variables set"},
    {"false", false_command, nullptr, true},
    {"fgrep", grep_command, "PATTERN [FILE]...: grep -F"},
    {"grep", grep_command, "[-EFivcnqwolLsxhH] [-e PATTERN] [-m N] [-A N] [-B N] [-C N] [PATTERN] [FILE]...: prints matching lines"},
    {"head", head_command, "[-n N | -c N] [FILE]...: prints the first lines or bytes"},
    {"hexdump", hexdump_command, "[-C] [-n N] [-s N] [-v] [FILE]...: prints bytes in hexadecimal"},
    {"hostname", hostname_command, ": prints the machine's name"},
    {"id", id_command, "[-u] [-g] [-n]: prints the user, who is root"},
    {"insmod", insmod_command, "FILE [SYMBOL=VALUE]...: loads a module"},
    {"ioctl", ioctl_command, "FILE CMD [ARG]: one ioctl; prints what it returned when that is not 0"},
    {"irq", irq_command, "raise|lower N | pulse N [COUNT]: drives an ISA line or GSI by hand"},
    {"kbd", kbd_command, "type TEXT | press SCANCODE...: keys, US layout, or set-1 codes"},
    {"kill", kill_command, "[-s SIGNAL | -SIGNAL] PID...: sends a signal", true},
    {"lpt", lpt_command, "ack: pulses the printer port's acknowledge line"},
    {"ls", ls_command, "[-laA1dhi] [FILE]...: lists files"},
    {"lsirq", lsirq_command, "[-n] [-s KEY]: counts of /proc/interrupts, sorted"},
    {"lsmod", lsmod_command, ": prints the modules that are loaded"},
    {"lspci", lspci_command, "[-n] [-nn] [-s SLOT] [-v]: lists PCI devices"},
    {"mkdir", mkdir_command, "[-p] [-m MODE] DIRECTORY...: makes directories"},
    {"mknod", mknod_command, "[-m MODE] NAME c|b MAJOR MINOR | NAME p: makes a device node"},
    {"modinfo", modinfo_command, "[-F FIELD] [-0] MODULE...: prints what a module says of itself"},
    {"modprobe", modprobe_command, "[-r] [-q] MODULE [SYMBOL=VALUE]...: loads or removes a module by name"},
    {"mount", accept_command, "[-t TYPE] ...: accepted; proc, sysfs, debugfs and tracefs are always there"},
    {"mouse", mouse_command, "move X Y [BUTTONS]: moves the PS/2 mouse"},
    {"nice", prefix_command, "COMMAND [ARG]...: runs the command"},
    {"nohup", prefix_command, "COMMAND [ARG]...: runs the command"},
    {"od", od_command, "[-A n|x|o|d] [-t x1|x2|x4|c|d1|u1|o2] [-x] [-c] [-v] [-N N] [-j N] [FILE]...: dumps bytes"},
    {"printf", printf_command, "FORMAT [ARG]...: prints by a format", true},
    {"ps", ps_command, ": lists tasks from /proc"},
    {"pwd", pwd_command, ": prints the working directory", true},
    {"rm", rm_command, "[-f] FILE...: removes files"},
    {"rmmod", rmmod_command, "MODULE...: unloads modules"},
    {"rtc", rtc_command, "rate HZ | event: sets the periodic rate, or lets the next enabled event happen now"},
    {"sed", sed_command, "[-nE] [-e SCRIPT] [SCRIPT] [FILE]...: s///[gpI], p, d, q, with addresses"},
    {"seq", seq_command, "[-w] [-s SEPARATOR] [FIRST [STEP]] LAST: prints whole numbers"},
    {"setserial", setserial_command, "[-g] DEVICE...: prints a serial port's settings"},
    {"setsid", prefix_command, "COMMAND [ARG]...: runs the command"},
    {"sh", sh_command, "[-eux] [-c COMMANDS | FILE] [ARG]...: runs the lab's shell"},
    {"show", show_command, "pic|ioapic|lapic|idt|wires|cpu|irq N: registers by name"},
    {"sleep", sleep_command, "NUMBER[smhd]...: waits, in virtual time"},
    {"sort", sort_command, "[-nrubs] [-k F[,F]] [-t C] [FILE]...: sorts lines"},
    {"stdbuf", prefix_command, "[-i M] [-o M] [-e M] COMMAND [ARG]...: runs the command"},
    {"stty", accept_command, "...: accepted; the modelled port has no line discipline to set"},
    {"sudo", sudo_command, "[-nE] COMMAND [ARG]...: runs the command; the user is root already"},
    {"sync", true_command, ": nothing is left to be written"},
    {"tail", tail_command, "[-n [+]N | -c [+]N] [FILE]...: prints the last lines or bytes"},
    {"taskset", taskset_command, "[-c] MASK|LIST COMMAND [ARG]... | -p [MASK] PID: sets CPUs"},
    {"tee", tee_command, "[-a] [FILE]...: copies input to files and to standard output"},
    {"test", test_command, nullptr, true},
    {"time", time_command, "[COMMAND [ARG]...]: virtual time now, or how long a command took"},
    {"timeout", timeout_command, "[-s SIGNAL] DURATION COMMAND [ARG]...: ends a command after a time"},
    {"touch", touch_command, "FILE...: makes files that are not there"},
    {"tr", tr_command, "[-cds] SET1 [SET2]: replaces or deletes characters"},
    {"true", true_command, nullptr, true},
    {"uart", uart_command, "N send TEXT | N bytes BYTE...: bytes that arrive at a serial port"},
    {"umount", accept_command, "...: accepted"},
    {"uname", uname_command, "[-asnrvmpio]: prints the system's name"},
    {"uniq", uniq_command, "[-cdu] [FILE]: drops repeated lines"},
    {"watch", watch_command, "[-n S] [-d] [-t] [--rounds N] COMMAND...: runs a command again and again"},
    {"wc", wc_command, "[-lwc] [FILE]...: counts lines, words, bytes"},
    {"which", which_command, "NAME...: tells where a command is"},
    {"whoami", whoami_command, ": prints the user's name"},
    {"xargs", xargs_command, "[-n N] [-I R] [-r] [COMMAND [ARG]...]: a command line from input"},
    {"xxd", xxd_command, "[-p] [-l N] [-s N] [-c N] [-g N] [FILE]: prints bytes in hexadecimal"},
    {"yes", yes_command, "[TEXT]...: prints a line until it is stopped"},
};

} // namespace

const CommandEntry* find_command(std::string_view name)
{
    for (const CommandEntry& entry : commands)
        if (entry.name == name)
            return &entry;
    return nullptr;
}

} // namespace irqlab::lab::sh
