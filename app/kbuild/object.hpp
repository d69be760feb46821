// What modpost must know of a linked object: symbols wanted and offered, .modinfo, who asks for what.
// Source: [ELF] "Symbol Table", "Relocation".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace irqlab::app::kbuild {

/// One place that needs a symbol which the object does not define.
struct Reference {
    std::string section; // ".text"
    std::uint64_t offset = 0;
};

struct Wanted {
    std::string name;
    bool weak = false;
    std::vector<Reference> references; // in address order; empty when it is only declared
};

/// A row of MODULE_DEVICE_TABLE(pci, ...): struct pci_device_id without what is the driver's own.
struct PciId {
    std::uint32_t vendor, device, subvendor, subdevice, class_code, class_mask;
};

/// "pci:v00001234d000011E8sv*sd*bc*sc*i*". [LX scripts/mod/file2alias.c]
std::string pci_alias(const PciId& id);

struct ObjectFile {
    std::vector<Wanted> wanted;        // undefined symbols
    std::vector<std::string> exported; // by EXPORT_SYMBOL and EXPORT_SYMBOL_GPL
    std::vector<std::string> modinfo;  // "license=GPL", ...
    std::vector<PciId> pci_ids;
    bool has_init = false, has_exit = false;

    bool has_modinfo(std::string_view key) const;
};

/// @return false when the file is no x86-64 relocatable object; `error` says why.
bool read_object(const std::string& path, ObjectFile& out, std::string& error);

} // namespace irqlab::app::kbuild
