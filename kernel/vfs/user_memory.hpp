// The user address range, as the copy functions and the reports of faults see it.
#pragma once
#include <cstddef>

namespace irqlab::kernel {

/// Bytes from `address` to the end of the current task's user memory; 0 when it does not lie there.
std::size_t user_bytes_from(const volatile void* address);
/// Is it in any process's user memory?
bool is_user_address(const volatile void* address);
/// The largest buffer that one system call carries.
std::size_t user_size_max();

} // namespace irqlab::kernel
