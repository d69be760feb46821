// Notifier chains that drivers may join: the keyboard's and the reboot's. [LX include/linux/notifier.h]
#include "kernel/kernel.hpp"
#include "kernel/vfs/vfs.hpp"
#include "linux/abi/device.h"

namespace irqlab::kernel {

namespace {

constexpr int stop_mask = 0x8000; // NOTIFY_STOP_MASK

/// Highest priority first; equal ones in the order in which they joined.
int join(abi::notifier_block*& chain, abi::notifier_block* block)
{
    abi::notifier_block** at = &chain;
    for (; *at && (*at)->priority >= block->priority; at = &(*at)->next)
        if (*at == block)
            return -EEXIST;
    block->next = *at;
    *at = block;
    return 0;
}

int leave(abi::notifier_block*& chain, abi::notifier_block* block)
{
    for (abi::notifier_block** at = &chain; *at; at = &(*at)->next)
        if (*at == block) {
            *at = block->next;
            return 0;
        }
    return -ENOENT;
}

} // namespace

bool keyboard_notify(Kernel& k, unsigned long action, void* parameter)
{
    for (abi::notifier_block *b = k.vfs->keyboard_chain, *next; b; b = next) {
        next = b->next;
        if (b->notifier_call(b, action, parameter) & stop_mask)
            return true;
    }
    return false;
}

} // namespace irqlab::kernel

namespace irqlab::abi {
extern "C" {

int register_keyboard_notifier(struct notifier_block* nb)
{
    return kernel::join(kernel::kernel().vfs->keyboard_chain, nb);
}
int unregister_keyboard_notifier(struct notifier_block* nb)
{
    return kernel::leave(kernel::kernel().vfs->keyboard_chain, nb);
}
int register_reboot_notifier(struct notifier_block* nb)
{
    return kernel::join(kernel::kernel().vfs->reboot_chain, nb);
}
int unregister_reboot_notifier(struct notifier_block* nb)
{
    return kernel::leave(kernel::kernel().vfs->reboot_chain, nb);
}

} // extern "C"
} // namespace irqlab::abi
