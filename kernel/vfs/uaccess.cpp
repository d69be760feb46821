// Copies between kernel and user memory: what is not user memory of the current process is a fault.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <sys/uio.h>
#include <unistd.h>

#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/vfs/user_memory.hpp"
#include "linux/abi/mm.h"
#include "linux/abi/printk.h"
#include "linux/abi/string.h"
#include "linux/abi/uaccess.h"

namespace irqlab::kernel {

namespace {

template <class T>
T* error_pointer(long error)
{
    return reinterpret_cast<T*>(error);
}

/// Digits, sign, newline and the end [LX lib/kstrtox.c].
struct NumberText {
    char text[1 + 64 + 1 + 1];
};

bool fetch(NumberText& to, const char* from, std::size_t count)
{
    count = std::min(count, sizeof to.text - 1);
    if (abi::_copy_from_user(to.text, from, count) != 0)
        return false;
    to.text[count] = 0;
    return true;
}

bool host_copy(void* to, const void* from, std::size_t size)
{
    const iovec local{to, size};
    const iovec remote{const_cast<void*>(from), size};
    return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
}

bool host_write(void* to, const void* from, std::size_t size)
{
    const iovec local{const_cast<void*>(from), size};
    const iovec remote{to, size};
    return process_vm_writev(getpid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
}

bool is_null_page(const void* p) { return reinterpret_cast<std::uintptr_t>(p) < page_bytes; }

} // namespace

} // namespace irqlab::kernel

namespace irqlab::abi {
using kernel::user_bytes_from;
extern "C" {

/// CONFIG_HARDENED_USERCOPY of the recordings' kernel, whose other checks are of what irqlab's heap reports itself.
void __check_object_size(const void* ptr, unsigned long count, bool to_user)
{
    if (!count || reinterpret_cast<std::uintptr_t>(ptr) > kernel::zero_size_ptr)
        return;
    _printk("\0010usercopy: Kernel memory %s attempt detected %s null address (offset 0, size %lu)!\n",
            to_user ? "exposure" : "overwrite", to_user ? "from" : "to", count);
    __lab_bug("mm/usercopy.c", kernel::kernel().config.release < kernel::Release::v6_1 ? 99 : 101, "usercopy_abort");
}

// A fault at the kernel's end of a copy ends it as one at the user's end does. [LX arch/x86/lib/copy_user_64.S]
unsigned long _copy_to_user(void* to, const void* from, unsigned long count)
{
    const std::size_t fits = kernel::is_null_page(from) ? 0 : std::min<std::size_t>(count, user_bytes_from(to));
    if (fits != 0)
        __lab_memcpy(to, from, fits);
    return count - fits;
}

// What could not be read is zeroed, so that nothing of the kernel's stack leaks to a careless driver.
unsigned long _copy_from_user(void* to, const void* from, unsigned long count)
{
    if (kernel::is_null_page(to))
        return count;
    const std::size_t fits = std::min<std::size_t>(count, user_bytes_from(from));
    if (fits != 0)
        __lab_memcpy(to, from, fits);
    if (fits != count)
        __lab_memset(static_cast<char*>(to) + fits, 0, count - fits);
    return count - fits;
}

unsigned long __lab_copy_in_user(void* to, const void* from, unsigned long count)
{
    const std::size_t fits = std::min({std::size_t{count}, user_bytes_from(to), user_bytes_from(from)});
    if (fits != 0)
        __lab_memmove(to, from, fits);
    return count - fits;
}

unsigned long clear_user(void* to, unsigned long count)
{
    const std::size_t fits = std::min<std::size_t>(count, user_bytes_from(to));
    if (fits != 0)
        __lab_memset(to, 0, fits);
    return count - fits;
}

unsigned long __clear_user(void* to, unsigned long count) { return clear_user(to, count); }

long strncpy_from_user(char* to, const char* from, long count)
{
    const auto fits = static_cast<long>(user_bytes_from(from));
    for (long i = 0; i < count; ++i) {
        if (i >= fits)
            return -EFAULT;
        to[i] = from[i];
        if (to[i] == 0)
            return i;
    }
    return count;
}

long strnlen_user(const char* text, long count)
{
    const auto fits = static_cast<long>(user_bytes_from(text));
    for (long i = 0; i < count; ++i) {
        if (i >= fits)
            return 0;
        if (text[i] == 0)
            return i + 1;
    }
    return count + 1;
}

void* memdup_user(const void* from, size_t count)
{
    void* copy = __kmalloc(count, GFP_USER | __GFP_NOWARN);
    if (!copy)
        return kernel::error_pointer<void>(-ENOMEM);
    if (_copy_from_user(copy, from, count) == 0)
        return copy;
    kfree(copy);
    return kernel::error_pointer<void>(-EFAULT);
}

void* memdup_user_nul(const void* from, size_t count)
{
    auto* copy = static_cast<char*>(__kmalloc(count + 1, GFP_KERNEL));
    if (!copy)
        return kernel::error_pointer<void>(-ENOMEM);
    if (_copy_from_user(copy, from, count) == 0) {
        copy[count] = 0;
        return copy;
    }
    kfree(copy);
    return kernel::error_pointer<void>(-EFAULT);
}

char* strndup_user(const char* from, long count)
{
    const long length = strnlen_user(from, count);
    if (length == 0)
        return kernel::error_pointer<char>(-EFAULT);
    if (length > count)
        return kernel::error_pointer<char>(-EINVAL);
    return static_cast<char*>(memdup_user_nul(from, static_cast<size_t>(length - 1)));
}

// Linux asks only whether the address is below the kernel's half; a wild low one fails when it is used.
int __lab_access_ok(const volatile void* addr, unsigned long size)
{
    constexpr std::uintptr_t first_page_end = 65536;
    return size == 0 || reinterpret_cast<std::uintptr_t>(addr) < first_page_end || user_bytes_from(addr) >= size;
}

int __lab_put_user(const void* from, void* to_user, unsigned int size)
{
    return _copy_to_user(to_user, from, size) == 0 ? 0 : -EFAULT;
}

int __lab_get_user(void* to, const void* from_user, unsigned int size)
{
    return _copy_from_user(to, from_user, size) == 0 ? 0 : -EFAULT;
}

long copy_from_kernel_nofault(void* to, const void* from, size_t size)
{
    if (kernel::is_user_address(from))
        return -ERANGE;
    return kernel::host_copy(to, from, size) ? 0 : -EFAULT;
}

long copy_to_kernel_nofault(void* to, const void* from, size_t size)
{
    return kernel::host_write(to, from, size) ? 0 : -EFAULT;
}

int kstrtouint_from_user(const char* from, size_t count, unsigned int base, unsigned int* result)
{
    kernel::NumberText n;
    return kernel::fetch(n, from, count) ? kstrtouint(n.text, base, result) : -EFAULT;
}

int kstrtoint_from_user(const char* from, size_t count, unsigned int base, int* result)
{
    kernel::NumberText n;
    return kernel::fetch(n, from, count) ? kstrtoint(n.text, base, result) : -EFAULT;
}

int kstrtoull_from_user(const char* from, size_t count, unsigned int base, unsigned long long* result)
{
    kernel::NumberText n;
    return kernel::fetch(n, from, count) ? kstrtoull(n.text, base, result) : -EFAULT;
}

int kstrtoul_from_user(const char* from, size_t count, unsigned int base, unsigned long* result)
{
    unsigned long long value = 0;
    const int error = kstrtoull_from_user(from, count, base, &value);
    if (error == 0)
        *result = value;
    return error;
}

int kstrtol_from_user(const char* from, size_t count, unsigned int base, long* result)
{
    kernel::NumberText n;
    long long value = 0;
    const int error = kernel::fetch(n, from, count) ? kstrtoll(n.text, base, &value) : -EFAULT;
    if (error == 0)
        *result = value;
    return error;
}

int kstrtobool_from_user(const char* from, size_t count, bool* result)
{
    kernel::NumberText n;
    return kernel::fetch(n, from, std::min<size_t>(count, 3)) ? kstrtobool(n.text, result) : -EFAULT;
}

} // extern "C"
} // namespace irqlab::abi
