// Fibers: stacks of their own, switched by a dozen instructions; and landings, the places to which a
// context that cannot go on is brought back.
//
// A fiber whose task was killed is dropped, never unwound: no destructor on its stack runs.
#pragma once
#include <cstddef>
#include <cstdint>

namespace irqlab::sim {

class Fiber {
public:
    using Entry = void (*)(void* argument);

    /// The fiber of the code that runs already (the host's stack).
    Fiber() = default;
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;
    ~Fiber();

    /// Gives this fiber a stack with a guard page below it. `entry` starts at the first switch to it
    /// and must never return.
    void prepare(Entry entry, void* argument);
    /// Returns the stack to the pool. The fiber must not be running.
    void drop();

    bool prepared() const { return stack_ != nullptr; }
    std::uintptr_t stack_low() const { return reinterpret_cast<std::uintptr_t>(stack_); }
    std::uintptr_t stack_high() const { return stack_low() + stack_bytes; }
    /// Is `address` in the guard page below the stack?
    bool in_guard(std::uintptr_t address) const
    {
        return stack_ && address < stack_low() && address >= stack_low() - guard_bytes;
    }

    /// Leaves `from` and goes on in `to`. Returns when somebody switches back.
    static void switch_to(Fiber& from, Fiber& to);

    static constexpr std::size_t stack_bytes = std::size_t{256} << 10;
    static constexpr std::size_t guard_bytes = std::size_t{64} << 10;

private:
    static void start();
    void* sp_ = nullptr;
    std::byte* stack_ = nullptr;
    Entry entry_ = nullptr;
    void* argument_ = nullptr;
    void* fake_stack_ = nullptr;            // AddressSanitizer's
    const void* host_bottom_ = nullptr;     // known for the host's stack only
    std::size_t host_size_ = 0;
};

/// Where a guarded call began.
struct Landing {
    void* sp = nullptr;
    bool armed() const { return sp != nullptr; }
};

/// Calls function(argument). @return false when it returned, true when land() brought it back.
bool call_guarded(Landing& landing, void (*function)(void*), void* argument);

/// Goes back to where `landing`'s guarded call began, on the same stack. Frames between are dropped.
[[noreturn]] void land(Landing& landing);

} // namespace irqlab::sim
