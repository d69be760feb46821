// What the image of a module says of itself. See loading.hpp.
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/module/loading.hpp"
#include "kernel/module/state.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

bool gpl_compatible(std::string_view license)
{
    for (const char* one :
         {"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"})
        if (license == one)
            return true;
    return false;
}

int no_module_in(const char* name)
{
    abi::_printk("\0014%s: No module found in object\n", name);
    return -ENOEXEC;
}

} // namespace

int find_this_module(Loading& l)
{
    const std::string_view named = l.image.modinfo("name");
    const char* const for_messages = named.data() ? named.data() : "(missing .modinfo section or name field)";
    l.this_module = l.image.find(".gnu.linkonce.this_module");
    if (!l.this_module)
        return no_module_in(for_messages);
    const auto bytes = l.image.section_bytes(l.this_module);
    if (bytes.size() != sizeof(abi::module)) {
        if (l.k.config.release >= Release::v6_6)
            abi::_printk(
                "\0013%s: .gnu.linkonce.this_module section size must match the kernel's built struct module "
                "size at run time\n",
                for_messages);
        return -ENOEXEC;
    }
    const char* own = reinterpret_cast<const char*>(bytes.data()) + offsetof(abi::module, name);
    if (strnlen(own, MODULE_NAME_LEN) == MODULE_NAME_LEN || !*own)
        return no_module_in(for_messages);
    l.name = own;
    if (!l.image.has_symbols()) {
        abi::_printk("\0014%s: module has no symbols (stripped?)\n", for_messages);
        return -ENOEXEC;
    }
    return 0;
}

int check_vermagic(Loading& l)
{
    char ours[64];
    module_vermagic(l.k.config.release, ours);
    const std::string_view theirs = l.image.modinfo("vermagic");
    if (theirs == ours)
        return 0;
    if (theirs.data()) // Linux is silent about a module that has none
        abi::_printk("\0013%s: version magic '%s' should be '%s'\n", l.name, theirs.data(), ours);
    return -ENOEXEC;
}

void announce_taints(Loading& l, LoadedModule& m, unsigned& bits)
{
    Kernel& k = l.k;
    if (!l.image.modinfo("intree").data()) {
        if (!(k.taint >> taint_out_of_tree & 1))
            abi::_printk("\0014%s: loading out-of-tree module taints kernel.\n", l.name);
        bits |= 1u << taint_out_of_tree;
    }
    const std::string_view license = l.image.modinfo("license");
    m.license = license.data() ? license.data() : "unspecified";
    m.gpl = gpl_compatible(m.license);
    if (!m.gpl) {
        if (!(k.taint >> taint_proprietary & 1)) {
            abi::_printk("\0014%s: module license '%s' taints kernel.\n", l.name, m.license);
            abi::_printk("\0014Disabling lock debugging due to kernel taint\n");
        }
        bits |= 1u << taint_proprietary;
    }
    k.taint |= bits;
}

void announce_unsigned(Loading& l, unsigned& bits)
{
    if (!(l.k.taint >> taint_unsigned & 1))
        abi::_printk(
            "\0015%s: module verification failed: signature and/or required key missing - tainting kernel\n",
            l.name);
    bits |= 1u << taint_unsigned;
    l.k.taint |= bits;
}

} // namespace irqlab::kernel
