// Ctrl-C: while a World runs, SIGINT asks it to stop at its next step; else it is only noted.
#pragma once

namespace irqlab::kernel {
struct Kernel;
}

namespace irqlab::app {

class InterruptKey {
  public:
    InterruptKey();
    ~InterruptKey();
    InterruptKey(const InterruptKey&) = delete;
    InterruptKey& operator=(const InterruptKey&) = delete;

    /// @param running  the kernel to stop, or null.
    void watch(kernel::Kernel* running);
    /// Was the key pressed since the last call?
    bool pressed();
};

} // namespace irqlab::app
