// Conversions between jiffies, seconds and calendar time. HZ is 250, so a jiffy is 4 ms.
#include <climits>

#include "kernel/kernel.hpp"
#include "kernel/time/jiffies.hpp"
#include "kernel/time/timekeeping.hpp"

namespace irqlab::abi {

using namespace kernel;

namespace {

constexpr unsigned ms_per_jiffy = 1000 / IRQLAB_HZ, us_per_jiffy = 1'000'000 / IRQLAB_HZ;
constexpr unsigned long max_jiffy_offset = (static_cast<unsigned long>(LONG_MAX) >> 1) - 1;
constexpr unsigned long user_hz = 100;
constexpr long seconds_per_day = 86400;

/// Full seconds, rounded down below a quarter, with 3 jiffies between CPUs so that they do not wake together.
unsigned long round_to_second(Kernel& k, unsigned long j)
{
    const unsigned long original = j;
    const unsigned long skew = k.this_cpu->index * 3ul;
    j += skew;
    const unsigned long rest = j % IRQLAB_HZ;
    j = rest < IRQLAB_HZ / 4 ? j - rest : j - rest + IRQLAB_HZ;
    j -= skew;
    return static_cast<long>(j - kernel::jiffies(k)) > 0 ? j : original;
}

/// Days since 1970-01-01 of a Gregorian date; March is the first month of the year counted with.
long days_from_civil(long year, unsigned month, unsigned day)
{
    year -= month <= 2;
    const long era = (year >= 0 ? year : year - 399) / 400;
    const long year_of_era = year - era * 400;
    const long day_of_year =
        (153 * (static_cast<long>(month) + (month > 2 ? -3 : 9)) + 2) / 5 + static_cast<long>(day) - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

} // namespace

u64 get_jiffies_64(void) { return kernel::jiffies(kernel::kernel()); }

unsigned int jiffies_to_msecs(unsigned long j) { return static_cast<unsigned>(j * ms_per_jiffy); }
unsigned int jiffies_to_usecs(unsigned long j) { return static_cast<unsigned>(j * us_per_jiffy); }

unsigned long __msecs_to_jiffies(unsigned int ms)
{
    return static_cast<int>(ms) < 0 ? max_jiffy_offset : (ms + ms_per_jiffy - 1ul) / ms_per_jiffy;
}

unsigned long __usecs_to_jiffies(unsigned int us) { return (us + us_per_jiffy - 1ul) / us_per_jiffy; }

u64 nsecs_to_jiffies64(u64 ns) { return ns / kernel::tick_ns; }
unsigned long nsecs_to_jiffies(u64 ns) { return ns / kernel::tick_ns; }
clock_t jiffies_to_clock_t(unsigned long j)
{
    return static_cast<clock_t>(j * kernel::tick_ns / (1'000'000'000 / user_hz));
}

unsigned long round_jiffies(unsigned long j) { return round_to_second(kernel::kernel(), j); }
unsigned long round_jiffies_relative(unsigned long j)
{
    Kernel& k = kernel::kernel();
    const unsigned long now = kernel::jiffies(k);
    return round_to_second(k, now + j) - now;
}

void jiffies_to_timespec64(unsigned long j, struct timespec64* value)
{
    value->tv_sec = static_cast<time64_t>(j / IRQLAB_HZ);
    value->tv_nsec = static_cast<long>(j % IRQLAB_HZ * kernel::tick_ns);
}

time64_t mktime64(unsigned int year, unsigned int mon, unsigned int day, unsigned int hour, unsigned int min,
                  unsigned int sec)
{
    return ((days_from_civil(year, mon, day) * 24 + hour) * 60 + min) * 60 + sec;
}

void time64_to_tm(time64_t total, int offset, struct tm* result)
{
    total += offset;
    long days = static_cast<long>(total / seconds_per_day);
    long rest = static_cast<long>(total % seconds_per_day);
    if (rest < 0) {
        rest += seconds_per_day;
        --days;
    }
    result->tm_hour = static_cast<int>(rest / 3600);
    result->tm_min = static_cast<int>(rest % 3600 / 60);
    result->tm_sec = static_cast<int>(rest % 60);
    result->tm_wday = static_cast<int>((days % 7 + 11) % 7); // 1970-01-01 was a Thursday
    long year = 1970 + days / 366;
    while (days_from_civil(year + 1, 1, 1) <= days)
        ++year;
    while (days_from_civil(year, 1, 1) > days)
        --year;
    unsigned month = 1;
    while (month < 12 && days_from_civil(year, month + 1, 1) <= days)
        ++month;
    result->tm_year = year - 1900;
    result->tm_mon = static_cast<int>(month) - 1;
    result->tm_mday = static_cast<int>(days - days_from_civil(year, month, 1)) + 1;
    result->tm_yday = static_cast<int>(days - days_from_civil(year, 1, 1));
}

} // namespace irqlab::abi
