// SIGINT's handler. The two variables are the signal's: a handler has no other way to be told.
#include "app/interrupt_key.hpp"
#include "hw/base/check.hpp"
#include "kernel/sched/sched.hpp"
#include <atomic>
#include <csignal>

namespace irqlab::app {

namespace {

std::atomic<kernel::Kernel*> watched{nullptr};
volatile std::sig_atomic_t was_pressed = 0;
struct sigaction before;

void on_interrupt(int)
{
    was_pressed = 1;
    if (kernel::Kernel* k = watched.load())
        kernel::sched_stop(*k);
}

} // namespace

InterruptKey::InterruptKey()
{
    struct sigaction action = {};
    action.sa_handler = on_interrupt; // without SA_RESTART: a read of the terminal ends
    action.sa_flags = SA_ONSTACK;     // the stack may be a driver's, and nearly used up
    CHECK(::sigaction(SIGINT, &action, &before) == 0);
}

InterruptKey::~InterruptKey()
{
    watched = nullptr;
    ::sigaction(SIGINT, &before, nullptr);
}

void InterruptKey::watch(kernel::Kernel* running) { watched = running; }

bool InterruptKey::pressed()
{
    const bool result = was_pressed != 0;
    was_pressed = 0;
    return result;
}

} // namespace irqlab::app
