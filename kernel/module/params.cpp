// Module parameters: the text of insmod's command line into variables, and back for /sys/module.
//
// Source: [LX admin-guide/kernel-parameters] for the spelling, [LX linux/moduleparam.h] for the types.
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/module/export.hpp"
#include "kernel/module/module.hpp"
#include "linux/abi/printk.h"

namespace irqlab::kernel {

namespace {

constexpr unsigned no_argument = 1; // kernel_param_ops.flags: the name alone will do
constexpr std::size_t charp_max = 1024;
constexpr std::size_t page_size_shown = 4096; // the buffer that a get function fills

int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

/// A number as Linux's kstrto* take it with base 0. @return 0, -EINVAL, -ERANGE.
int parse_magnitude(const char* s, u64& value)
{
    unsigned base = 10;
    if (s[0] == '0') {
        base = 8;
        if ((s[1] | 0x20) == 'x' && digit(s[2]) < 16) {
            base = 16;
            s += 2;
        }
    }
    if (digit(*s) >= static_cast<int>(base))
        return -EINVAL;
    value = 0;
    for (; digit(*s) < static_cast<int>(base); ++s)
        if (__builtin_mul_overflow(value, u64{base}, &value) ||
            __builtin_add_overflow(value, static_cast<u64>(digit(*s)), &value))
            return -ERANGE;
    if (*s == '\n')
        ++s;
    return *s ? -EINVAL : 0;
}

/// @param bits  width of the variable; negative numbers only when `is_signed`.
int parse_integer(const char* s, unsigned bits, bool is_signed, u64& value)
{
    const bool minus = *s == '-' && is_signed;
    if (*s == '+' || minus)
        ++s;
    if (const int error = parse_magnitude(s, value))
        return error;
    const u64 highest = is_signed ? (u64{1} << (bits - 1)) - !minus : bits == 64 ? ~u64{0} : (u64{1} << bits) - 1;
    if (value > highest)
        return -ERANGE;
    if (minus)
        value = u64{0} - value;
    return 0;
}

template <class T>
int set_number(const char* text, const abi::kernel_param* param)
{
    if (!text)
        return -EINVAL;
    u64 value = 0;
    const int error = parse_integer(text, sizeof(T) * 8, static_cast<T>(-1) < T{0}, value);
    if (!error)
        *static_cast<T*>(param->arg) = static_cast<T>(value);
    return error;
}

template <class T>
int get_number(char* buffer, const abi::kernel_param* param)
{
    const T value = *static_cast<const T*>(param->arg);
    if constexpr (static_cast<T>(-1) < T{0})
        return std::snprintf(buffer, page_size_shown, "%lld\n", static_cast<long long>(value));
    else
        return std::snprintf(buffer, page_size_shown, "%llu\n", static_cast<unsigned long long>(value));
}

int get_hexint(char* buffer, const abi::kernel_param* param)
{
    return std::snprintf(buffer, page_size_shown, "%#08x\n", *static_cast<const unsigned*>(param->arg));
}

/// Linux's spelling of truth. @return 0 or -EINVAL.
int parse_bool(const char* s, bool& value)
{
    switch (*s) {
    case 'y': case 'Y': case '1': value = true; return 0;
    case 'n': case 'N': case '0': value = false; return 0;
    case 'o': case 'O':
        if ((s[1] | 0x20) == 'n' || (s[1] | 0x20) == 'f') {
            value = (s[1] | 0x20) == 'n';
            return 0;
        }
        return -EINVAL;
    default: return -EINVAL;
    }
}

int set_invbool(const char* text, const abi::kernel_param* param)
{
    bool value = false;
    if (!text)
        return -EINVAL;
    const int error = parse_bool(text, value);
    if (!error)
        *static_cast<bool*>(param->arg) = !value;
    return error;
}

int get_invbool(char* buffer, const abi::kernel_param* param)
{
    return std::snprintf(buffer, page_size_shown, "%c\n", *static_cast<const bool*>(param->arg) ? 'N' : 'Y');
}

/// A bool stored in an int.
int set_bint(const char* text, const abi::kernel_param* param)
{
    bool value = true;
    const int error = text ? parse_bool(text, value) : 0;
    if (!error)
        *static_cast<int*>(param->arg) = value;
    return error;
}

char* copy_text(Kernel& k, const char* text)
{
    const std::size_t bytes = std::strlen(text) + 1;
    return static_cast<char*>(std::memcpy(k.arena.take(bytes), text, bytes));
}

/// One element of an array, as a parameter of its own.
abi::kernel_param element(const abi::kernel_param& param, unsigned i)
{
    abi::kernel_param e = param;
    e.ops = param.arr->ops;
    e.arg = static_cast<char*>(param.arr->elem) + std::size_t{i} * param.arr->elemsize;
    return e;
}

int set_array(const char* text, const abi::kernel_param* param)
{
    const abi::kparam_array& array = *param->arr;
    if (!text)
        return -EINVAL;
    char* rest = copy_text(kernel(), text); // in the arena: a set function of the driver may oops
    unsigned count = 0;
    while (true) {
        if (count == array.max) {
            abi::_printk("\0013%s: can only take %i arguments\n", param->name, static_cast<int>(array.max));
            return -EINVAL;
        }
        char* comma = rest + std::strcspn(rest, ",");
        const bool more = *comma == ',';
        *comma = '\0';
        const abi::kernel_param e = element(*param, count);
        if (const int error = e.ops->set(rest, &e))
            return error;
        ++count;
        if (!more)
            break;
        rest = comma + 1;
    }
    if (array.num)
        *array.num = count;
    return 0;
}

int get_array(char* buffer, const abi::kernel_param* param)
{
    const abi::kparam_array& array = *param->arr;
    const unsigned count = array.num ? *array.num : array.max;
    int used = 0;
    for (unsigned i = 0; i < count; ++i) {
        if (i)
            buffer[used - 1] = ','; // in place of the newline
        const abi::kernel_param e = element(*param, i);
        const int got = e.ops->get(buffer + used, &e);
        if (got < 0)
            return got;
        used += got;
    }
    buffer[used] = '\0';
    return used;
}

// --- the text of insmod ------------------------------------------------------------------------------------------

bool same_name(const char* a, const char* b)
{
    const auto plain = [](char c) { return c == '-' ? '_' : c; };
    while (*a && plain(*a) == plain(*b))
        ++a, ++b;
    return plain(*a) == plain(*b);
}

char* skip_blanks(char* s)
{
    while (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r' || *s == '\v' || *s == '\f')
        ++s;
    return s;
}

/// Cuts `name[=value]` off; quotes go round a value or round the whole word. @return the rest.
char* next_argument(char* args, char*& name, char*& value)
{
    bool quoted = false, quote_at_start = *args == '"';
    if (quote_at_start)
        quoted = true, ++args;
    std::size_t equals = 0, i = 0;
    for (; args[i]; ++i) {
        if (std::strchr(" \t\n\r\v\f", args[i]) && !quoted)
            break;
        if (equals == 0 && args[i] == '=')
            equals = i;
        if (args[i] == '"')
            quoted = !quoted;
    }
    char* const end = args + i;
    char* const rest = *end ? end + 1 : end;
    *end = '\0';
    name = args;
    value = nullptr;
    if (equals) {
        args[equals] = '\0';
        value = args + equals + 1;
        if (*value == '"') {
            ++value;
            if (i > 0 && args[i - 1] == '"' && args + i - 1 >= value)
                args[i - 1] = '\0';
        }
    }
    if (quote_at_start && i > 0 && args[i - 1] == '"')
        args[i - 1] = '\0';
    return skip_blanks(rest);
}

int set_one(const char* module, const char* name, const char* value, const abi::kernel_param* params, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        const abi::kernel_param& p = params[i];
        if (!same_name(name, p.name))
            continue;
        if (!value && !(p.ops->flags & no_argument))
            return -EINVAL;
        return p.ops->set ? p.ops->set(value, &p) : -EINVAL;
    }
    abi::_printk("\0014%s: unknown parameter '%s' ignored\n", module, name);
    return 0;
}

} // namespace

int module_params_parse(const char* module, char* args, const abi::kernel_param* params, std::size_t count)
{
    for (char* rest = skip_blanks(args); *rest;) {
        char *name, *value;
        rest = next_argument(rest, name, value);
        if (!value && std::strcmp(name, "--") == 0) {
            if (*rest)
                abi::_printk("\0014%s: parameters '%s' after `--' ignored\n", module, rest);
            return 0;
        }
        const int error = set_one(module, name, value, params, count);
        if (!error)
            continue;
        const char* shown = value ? value : "";
        if (error == -ENOENT)
            abi::_printk("\0013%s: Unknown parameter `%s'\n", module, name);
        else if (error == -ENOSPC)
            abi::_printk("\0013%s: `%s' too large for parameter `%s'\n", module, shown, name);
        else
            abi::_printk("\0013%s: `%s' invalid for parameter `%s'\n", module, shown, name);
        return error;
    }
    return 0;
}

int module_param_show(const LoadedModule& m, std::size_t index, char* buffer)
{
    const abi::kernel_param& p = m.mod->kp[index];
    return p.ops->get ? p.ops->get(buffer, &p) : -EPERM;
}

int module_param_store(const LoadedModule& m, std::size_t index, const char* value)
{
    const abi::kernel_param& p = m.mod->kp[index];
    return p.ops->set ? p.ops->set(value, &p) : -EPERM;
}

} // namespace irqlab::kernel

namespace irqlab::abi {

using namespace irqlab::kernel;

int param_set_int(const char* value, const kernel_param* p) { return set_number<int>(value, p); }
int param_get_int(char* buffer, const kernel_param* p) { return get_number<int>(buffer, p); }
int param_set_uint(const char* value, const kernel_param* p) { return set_number<unsigned>(value, p); }
int param_get_uint(char* buffer, const kernel_param* p) { return get_number<unsigned>(buffer, p); }
int param_set_ulong(const char* value, const kernel_param* p) { return set_number<unsigned long>(value, p); }
int param_get_ulong(char* buffer, const kernel_param* p) { return get_number<unsigned long>(buffer, p); }

int param_set_bool(const char* value, const kernel_param* p)
{
    return parse_bool(value ? value : "1", *static_cast<bool*>(p->arg));
}
int param_get_bool(char* buffer, const kernel_param* p)
{
    return std::snprintf(buffer, page_size_shown, "%c\n", *static_cast<const bool*>(p->arg) ? 'Y' : 'N');
}

int param_set_charp(const char* value, const kernel_param* p)
{
    if (!value)
        return -EINVAL;
    if (std::strlen(value) > charp_max) {
        _printk("\0013%s: string parameter too long\n", p->name);
        return -ENOSPC;
    }
    *static_cast<char**>(p->arg) = copy_text(kernel::kernel(), value);
    return 0;
}
int param_get_charp(char* buffer, const kernel_param* p)
{
    const char* text = *static_cast<char* const*>(p->arg);
    return std::snprintf(buffer, page_size_shown, "%s\n", text ? text : "(null)");
}

int param_set_copystring(const char* value, const kernel_param* p)
{
    if (!value)
        return -EINVAL;
    if (std::strlen(value) + 1 > p->str->maxlen) {
        _printk("\0013%s: string doesn't fit in %u chars.\n", p->name, p->str->maxlen - 1);
        return -ENOSPC;
    }
    std::strcpy(p->str->string, value);
    return 0;
}
int param_get_string(char* buffer, const kernel_param* p)
{
    return std::snprintf(buffer, page_size_shown, "%s\n", p->str->string);
}

const kernel_param_ops param_ops_byte{0, set_number<unsigned char>, get_number<unsigned char>, nullptr};
const kernel_param_ops param_ops_short{0, set_number<short>, get_number<short>, nullptr};
const kernel_param_ops param_ops_ushort{0, set_number<unsigned short>, get_number<unsigned short>, nullptr};
const kernel_param_ops param_ops_int{0, param_set_int, param_get_int, nullptr};
const kernel_param_ops param_ops_uint{0, param_set_uint, param_get_uint, nullptr};
const kernel_param_ops param_ops_long{0, set_number<long>, get_number<long>, nullptr};
const kernel_param_ops param_ops_ulong{0, param_set_ulong, param_get_ulong, nullptr};
const kernel_param_ops param_ops_ullong{0, set_number<unsigned long long>, get_number<unsigned long long>, nullptr};
const kernel_param_ops param_ops_hexint{0, param_set_uint, get_hexint, nullptr};
const kernel_param_ops param_ops_charp{0, param_set_charp, param_get_charp, nullptr};
const kernel_param_ops param_ops_bool{no_argument, param_set_bool, param_get_bool, nullptr};
const kernel_param_ops param_ops_invbool{0, set_invbool, get_invbool, nullptr};
const kernel_param_ops param_ops_bint{no_argument, set_bint, param_get_int, nullptr};
const kernel_param_ops param_ops_string{0, param_set_copystring, param_get_string, nullptr};
const kernel_param_ops param_array_ops{0, set_array, get_array, nullptr};

} // namespace irqlab::abi
