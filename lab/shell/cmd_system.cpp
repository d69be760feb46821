// Commands that tell about the machine: uname, date, id, hostname, ps, lsirq, lspci, setserial.
#include <algorithm>
#include <cctype>
#include <ctime>
#include <fcntl.h>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

/// A small file's text without its last newline; empty when it is not there.
Str read_small(Memory& memory, const Str& path)
{
    Str text(&memory);
    const int fd = kernel::sys_open(path.c_str(), O_RDONLY);
    if (fd < 0)
        return text;
    char buffer[256];
    for (ssize_t n = 0; (n = read_some(fd, buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(n));
    kernel::sys_close(fd);
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

void collect_name(void* context, const char* name)
{
    static_cast<Vec<Str>*>(context)->emplace_back(name);
}

Vec<Str> directory_names(Memory& memory, const char* path)
{
    Vec<Str> names(&memory);
    kernel::sys_readdir(path, collect_name, &names);
    std::sort(names.begin(), names.end());
    return names;
}

struct IrqRow {
    IrqRow(std::string_view i, std::uint64_t t, std::string_view n, Memory& memory) : irq(i, &memory), name(n, &memory), total(t) {}
    Str irq, name;
    std::uint64_t total;
};

/// One line of /proc/interrupts: a label, a count for each CPU, the rest.
bool parse_interrupt(std::string_view line, Memory& memory, Vec<IrqRow>& rows)
{
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return false;
    std::string_view irq = line.substr(0, colon);
    irq.remove_prefix(std::min(irq.find_first_not_of(' '), irq.size()));
    line.remove_prefix(colon + 1);
    std::uint64_t total = 0;
    for (;;) {
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        const std::size_t stop = std::min(line.find(' '), line.size());
        const std::string_view word = line.substr(0, stop);
        if (word.empty() || word.find_first_not_of("0123456789") != std::string_view::npos)
            break;
        std::uint64_t count = 0;
        for (const char digit : word)
            count = count * 10 + static_cast<std::uint64_t>(digit - '0');
        total += count;
        line.remove_prefix(stop);
    }
    Str name(&memory); // runs of blanks are one
    for (const char ch : line)
        if (ch != ' ' || (!name.empty() && name.back() != ' '))
            name += ch;
    rows.emplace_back(irq, total, name, memory);
    return true;
}

struct PciClass {
    unsigned code;
    const char* name;
};
// The class names of [PCI] "Class Codes" that the lab's boards have, in the words of pci.ids.
constexpr PciClass pci_classes[] = {
    {0x0000, "Non-VGA unclassified device"}, {0x00ff, "Unclassified device [00ff]"}, {0x0100, "SCSI storage controller"},
    {0x0101, "IDE interface"}, {0x0106, "SATA controller"}, {0x0108, "Non-Volatile memory controller"},
    {0x0200, "Ethernet controller"}, {0x0300, "VGA compatible controller"}, {0x0403, "Audio device"},
    {0x0600, "Host bridge"}, {0x0601, "ISA bridge"}, {0x0604, "PCI bridge"}, {0x0680, "Bridge"},
    {0x0700, "Serial controller"}, {0x0880, "System peripheral"}, {0x0c03, "USB controller"}, {0x0c05, "SMBus"}};

std::int64_t pci_number(Command& c, std::string_view slot, const char* file)
{
    Str path("/sys/bus/pci/devices/", &c.memory);
    path.append(slot).append("/").append(file);
    const Str text = read_small(c.memory, path);
    std::int64_t value = 0;
    return parse_number(text, value) ? value : 0;
}

void print_pci(Command& c, std::string_view slot, int numeric, bool verbose)
{
    const auto klass = static_cast<unsigned>(pci_number(c, slot, "class") >> 8);
    const auto vendor = static_cast<unsigned>(pci_number(c, slot, "vendor"));
    const auto device = static_cast<unsigned>(pci_number(c, slot, "device"));
    const auto revision = static_cast<unsigned>(pci_number(c, slot, "revision"));
    const std::string_view shown = slot.starts_with("0000:") ? slot.substr(5) : slot;
    c.print("%.*s ", static_cast<int>(shown.size()), shown.data());
    const char* name = nullptr;
    for (const PciClass& known : pci_classes)
        name = known.code == klass ? known.name : name;
    if (numeric == 1)
        c.print("%04x: %04x:%04x", klass, vendor, device);
    else if (name && numeric > 1 && klass != 0xff)
        c.print("%s [%04x]: Device [%04x:%04x]", name, klass, vendor, device);
    else if (name)
        c.print("%s: Device %04x:%04x", name, vendor, device);
    else
        c.print("Class [%04x]: Device [%04x:%04x]", klass, vendor, device);
    if (revision != 0)
        c.print(" (rev %02x)", revision);
    c.put('\n');
    if (!verbose)
        return;
    Str path("/sys/bus/pci/devices/", &c.memory);
    const Str uevent = read_small(c.memory, path.append(slot).append("/uevent"));
    if (const std::int64_t irq = pci_number(c, slot, "irq"))
        c.print("\tFlags: IRQ %lld\n", static_cast<long long>(irq));
    const std::size_t driver = uevent.starts_with("DRIVER=") ? 0 : uevent.find("\nDRIVER=");
    if (driver != Str::npos) {
        const std::size_t start = driver + (driver == 0 ? 7 : 8);
        c.print("\tKernel driver in use: %s\n", Str(uevent, start, uevent.find('\n', start) - start, &c.memory).c_str());
    }
    c.put('\n');
}

} // namespace

int uname_command(Command& c)
{
    const kernel::Utsname u = kernel::sys_uname();
    const std::pair<char, const char*> parts[] = {{'s', u.sysname}, {'n', u.nodename}, {'r', u.release},
                                                  {'v', u.version}, {'m', u.machine}, {'o', "GNU/Linux"}};
    Str wanted(&c.memory);
    OptionReader reader(c, "asnrvmpio");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        wanted += option == 'a' ? std::string_view("snrvmo") : std::string_view(&option, 1);
    }
    if (wanted.empty())
        wanted = "s";
    const char* separator = "";
    for (const auto& [letter, text] : parts)
        if (wanted.find(letter) != Str::npos) {
            c.print("%s%s", separator, text);
            separator = " ";
        }
    if (*separator == '\0') // -p, -i
        c.write("unknown");
    c.put('\n');
    return 0;
}

int date_command(Command& c)
{
    const char* format = "%a %b %e %H:%M:%S UTC %Y";
    for (int i = 1; i < c.argc; ++i) {
        if (c.argv[i][0] == '+')
            format = c.argv[i] + 1;
        else if (std::string_view(c.argv[i]) != "-u")
            return c.fail("invalid date '%s'", c.argv[i]);
    }
    const std::int64_t seconds = kernel::sys_clock_realtime_s();
    const std::uint64_t nanoseconds = kernel::sys_clock_monotonic_ns() % 1'000'000'000;
    Str expanded(&c.memory);
    for (std::string_view rest = format; !rest.empty();) { // %s and %N are not strftime's in UTC
        if (rest.starts_with("%s"))
            appendf(expanded, "%lld", static_cast<long long>(seconds));
        else if (rest.starts_with("%N"))
            appendf(expanded, "%09llu", static_cast<unsigned long long>(nanoseconds));
        else
            expanded.append(rest, 0, rest.starts_with("%") ? 2 : 1);
        rest.remove_prefix(std::min<std::size_t>(rest.starts_with("%") ? 2 : 1, rest.size()));
    }
    char text[256] = "";
    const std::time_t when = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&when, &parts);
    std::strftime(text, sizeof text, expanded.c_str(), &parts);
    c.print("%s\n", text);
    return 0;
}

int id_command(Command& c)
{
    bool one = false, name = false;
    OptionReader reader(c, "ugGnr");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        one |= option == 'u' || option == 'g' || option == 'G';
        name |= option == 'n';
    }
    c.write(!one ? "uid=0(root) gid=0(root) groups=0(root)\n" : name ? "root\n" : "0\n");
    return 0;
}

int whoami_command(Command& c)
{
    c.write("root\n");
    return 0;
}

int hostname_command(Command& c)
{
    c.print("%s\n", kernel::sys_uname().nodename);
    return 0;
}

int ps_command(Command& c)
{
    bool any = false;
    for (const Str& name : directory_names(c.memory, "/proc")) {
        if (name.find_first_not_of("0123456789") != Str::npos)
            continue;
        Str path("/proc/", &c.memory);
        const Str comm = read_small(c.memory, path.append(name).append("/comm"));
        if (!any)
            c.write("    PID CMD\n");
        any = true;
        c.print("%7s %s\n", name.c_str(), comm.c_str());
    }
    return any ? 0 : c.fail("/proc lists no tasks");
}

int lsirq_command(Command& c)
{
    bool headings = true;
    char key = 't';
    const LongOption longs[] = {{"noheadings", 'n'}, {"sort", 's'}};
    OptionReader reader(c, "ns:", longs, 2);
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        headings &= option != 'n';
        if (option == 's')
            key = static_cast<char>(std::tolower(static_cast<unsigned char>(reader.value()[0])));
    }
    const Str text = read_small(c.memory, Str("/proc/interrupts", &c.memory));
    if (text.empty())
        return c.fail("cannot open /proc/interrupts: No such file or directory");
    Vec<IrqRow> rows(&c.memory);
    std::string_view rest = text;
    for (bool first = true; !rest.empty(); first = false) {
        const std::size_t stop = std::min(rest.find('\n'), rest.size());
        if (!first)
            parse_interrupt(rest.substr(0, stop), c.memory, rows);
        rest.remove_prefix(std::min(stop + 1, rest.size()));
    }
    std::sort(rows.begin(), rows.end(), [key](const IrqRow& a, const IrqRow& b) {
        if (key == 'i')
            return a.irq < b.irq;
        if (key == 'n')
            return a.name < b.name;
        return a.total != b.total ? a.total > b.total : &a < &b;
    });
    int irq_width = headings ? 3 : 1, total_width = headings ? 5 : 1;
    Str digits(&c.memory);
    for (const IrqRow& row : rows) {
        digits.clear();
        appendf(digits, "%llu", static_cast<unsigned long long>(row.total));
        irq_width = std::max(irq_width, static_cast<int>(row.irq.size()));
        total_width = std::max(total_width, static_cast<int>(digits.size()));
    }
    if (headings)
        c.print("%*s %*s NAME\n", irq_width, "IRQ", total_width, "TOTAL");
    for (const IrqRow& row : rows)
        c.print("%*s %*llu %s\n", irq_width, row.irq.c_str(), total_width, static_cast<unsigned long long>(row.total), row.name.c_str());
    return 0;
}

int lspci_command(Command& c)
{
    int numeric = 0;
    bool verbose = false;
    const char* slot = nullptr;
    OptionReader reader(c, "ns:vkDmt");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        numeric += option == 'n';
        verbose |= option == 'v' || option == 'k';
        if (option == 's')
            slot = reader.value();
    }
    for (const Str& name : directory_names(c.memory, "/sys/bus/pci/devices"))
        if (!slot || name.find(slot) != Str::npos)
            print_pci(c, name, numeric, verbose);
    return 0;
}

/// What the PC's four ports are, once the node is there. [ISA] "COM port addresses".
int setserial_command(Command& c)
{
    constexpr unsigned ports[] = {0x3f8, 0x2f8, 0x3e8, 0x2e8}, lines[] = {4, 3, 4, 3};
    OptionReader reader(c, "gabvGz");
    while (const char option = reader.next())
        if (option == '?')
            return 1;
    if (reader.operands().empty())
        return c.missing_operand();
    int status = 0;
    for (const char* path : reader.operands()) {
        const std::string_view name = path;
        kernel::Stat stat{};
        const int error = kernel::sys_stat(path, stat);
        const unsigned n = name.empty() ? 9 : static_cast<unsigned>(name.back() - '0');
        if (error < 0)
            status = c.fail("%s: %s", path, error_text(error));
        else if (name.find("ttyS") == std::string_view::npos || n > 3)
            status = c.fail("Cannot get serial info: Inappropriate ioctl for device");
        else
            c.print("%s, UART: 16550A, Port: 0x%04x, IRQ: %u\n", path, ports[n], lines[n]);
    }
    return status;
}

} // namespace irqlab::lab::sh
