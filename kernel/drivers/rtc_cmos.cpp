// Linux's rtc-cmos driver: reading register C tells what happened and lowers the line.
// Source: [MC146818]; [LX drivers/rtc/rtc-cmos.c].
#include <ctime>

#include "kernel/drivers/drivers.hpp"
#include "kernel/drivers/port.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/printk/say.hpp"

namespace irqlab::kernel {

namespace {

constexpr u16 index_port = 0x70, data_port = 0x71;
constexpr u8 register_c = 0x0c, irqf = 0x80;

u8 read_cmos(Kernel& k, u8 reg)
{
    outb(k, reg, index_port);
    return inb(k, data_port);
}

abi::irqreturn_t interrupt(int, void*)
{
    return read_cmos(kernel(), register_c) & irqf ? abi::IRQ_HANDLED : abi::IRQ_NONE;
}

} // namespace

void rtc_cmos_init(Kernel& k)
{
    if (has_word(k.config.without, "rtc_cmos"))
        return;
    read_cmos(k, register_c);
    setup_irq(k, 8, interrupt, 0, "rtc0", nullptr);
    const unsigned pnp = pnp_number(k, PnpDevice::rtc);
    say(k, loglevel_info, "rtc_cmos 00:{:02}: registered as rtc0", pnp);
    const std::time_t now = k.config.boot_time_s;
    std::tm utc{};
    gmtime_r(&now, &utc);
    say(k, loglevel_info,
        "rtc_cmos 00:{:02}: setting system clock to {:04}-{:02}-{:02}T{:02}:{:02}:{:02} UTC ({})", pnp,
        utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
        k.config.boot_time_s);
    say(k, loglevel_info, "rtc_cmos 00:{:02}: alarms up to one day, y3k, 242 bytes nvram", pnp);
}

} // namespace irqlab::kernel
