// What a driver takes for a device and the driver core gives back: devm_. [LX driver-api/driver-model/devres]
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/vfs/device.hpp"
#include "linux/abi/mm.h"

namespace irqlab::kernel {

namespace {

struct Resource {
    abi::list_head link; // in device.devres_head
    void (*action)(void* data);
    void* data;
    std::size_t size; // of the memory behind it
    std::size_t pad;  // keeps that memory aligned to 16 bytes
};
static_assert(sizeof(Resource) % 16 == 0);

Resource* add(abi::device& d, std::size_t size, abi::gfp_t gfp)
{
    auto* r = static_cast<Resource*>(abi::__kmalloc(sizeof(Resource) + size, gfp));
    if (!r)
        return nullptr;
    *r = {{&d.devres_head, d.devres_head.prev}, nullptr, nullptr, size, 0};
    d.devres_head.prev->next = &r->link;
    d.devres_head.prev = &r->link;
    return r;
}

void unlink_resource(Resource& r)
{
    r.link.prev->next = r.link.next;
    r.link.next->prev = r.link.prev;
}

} // namespace

void* devres_add(abi::device& device, std::size_t size, void (*action)(void* memory))
{
    Resource* r = add(device, size, GFP_KERNEL);
    if (!r)
        return nullptr;
    r->action = action;
    r->data = r + 1;
    return r->data;
}

bool devres_take(abi::device& device, void (*action)(void*), bool (*same)(const void* memory, const void* wanted),
                 const void* wanted)
{
    for (abi::list_head* at = device.devres_head.prev; at && at != &device.devres_head; at = at->prev) {
        auto* r = reinterpret_cast<Resource*>(at);
        if (r->action != action || r->data != r + 1 || !same(r->data, wanted))
            continue;
        unlink_resource(*r);
        abi::kfree(r);
        return true;
    }
    return false;
}

void devres_release_all(abi::device& d)
{
    while (d.devres_head.prev && d.devres_head.prev != &d.devres_head) {
        auto* r = reinterpret_cast<Resource*>(d.devres_head.prev);
        unlink_resource(*r);
        if (r->action)
            r->action(r->data);
        abi::kfree(r);
    }
}

} // namespace irqlab::kernel

namespace irqlab::abi {
extern "C" {

void* devm_kmalloc(struct device* dev, size_t size, gfp_t gfp)
{
    kernel::Resource* r = kernel::add(*dev, size, gfp);
    return r ? r + 1 : nullptr;
}

void devm_kfree(struct device* dev, const void* ptr)
{
    for (list_head* at = dev->devres_head.next; at && at != &dev->devres_head; at = at->next) {
        auto* r = reinterpret_cast<kernel::Resource*>(at);
        if (r->action || r + 1 != ptr)
            continue;
        kernel::unlink_resource(*r);
        kfree(r);
        return;
    }
    __lab_warn("drivers/base/devres.c", 0, "devm_kfree", "%s", "");
}

char* devm_kasprintf(struct device* dev, gfp_t gfp, const char* format, ...)
{
    va_list args;
    va_start(args, format);
    char* text = kvasprintf(gfp, format, args);
    va_end(args);
    char* copy = text ? devm_kstrdup(dev, text, gfp) : nullptr;
    kfree(text);
    return copy;
}

char* devm_kstrdup(struct device* dev, const char* text, gfp_t gfp)
{
    if (!text)
        return nullptr;
    const size_t size = std::strlen(text) + 1;
    auto* copy = static_cast<char*>(devm_kmalloc(dev, size, gfp));
    if (copy)
        std::memcpy(copy, text, size);
    return copy;
}

int __devm_add_action(struct device* dev, void (*action)(void* data), void* data, const char*)
{
    kernel::Resource* r = kernel::add(*dev, 0, GFP_KERNEL);
    if (!r)
        return -ENOMEM;
    r->action = action;
    r->data = data;
    return 0;
}

} // extern "C"
} // namespace irqlab::abi
