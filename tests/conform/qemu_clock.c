// The monotonic clock of a QEMU process, in the hands of the test. Preloaded into it.
//
// QEMU's virtual clock is CLOCK_MONOTONIC less an offset while its virtual machine runs. Here the clock shows
// the number at the start of a shared page instead, which the test writes. Source: [QEMU] qemu-timer, cpus.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile uint64_t* now_ns;

__attribute__((constructor)) static void find_page(void)
{
    const char* fd = getenv("IRQLAB_CLOCK_FD");
    void* page = fd ? mmap(NULL, sizeof *now_ns, PROT_READ, MAP_SHARED, atoi(fd), 0) : MAP_FAILED;
    if (page != MAP_FAILED)
        now_ns = page;
}

int clock_gettime(clockid_t clock, struct timespec* time)
{
    if (!now_ns || clock != CLOCK_MONOTONIC)
        return (int)syscall(SYS_clock_gettime, clock, time);
    const uint64_t now = *now_ns;
    time->tv_sec = (time_t)(now / 1000000000);
    time->tv_nsec = (long)(now % 1000000000);
    return 0;
}
