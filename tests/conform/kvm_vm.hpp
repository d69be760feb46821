// A virtual machine with the interrupt controllers inside Linux's KVM, as a witness: lines, messages, and
// register accesses that a guest's instructions perform.
//
// The guest has a page of code in real mode: each access is one instruction of it, run by KVM_RUN, with a
// write to a port that nobody claims behind it. Interrupts are held back (IF clear) until accept() lets one
// in; its handler reports the vector. NMIs are taken when KVM gives them, and counted in memory.
//
// There are the 8259 pair, an I/O APIC of 24 pins and a local APIC for each CPU, no PIT (so that nothing
// moves but by our doing). Lines follow KVM's default routing: GSI 0 to 15 go to both the 8259s and the I/O
// APIC pin of the same number (unless wire() says otherwise), 16 to 23 to the I/O APIC alone.
//
// A CPU that sends INIT to itself waits for a SIPI inside KVM_RUN: the call does not come back.
//
// Some hosts' KVM (one that runs guests without the processor's help) ends a local APIC's interrupt as it is
// accepted. A probe tells, and accept() puts such an interrupt in service by writing the states back.
//
// Where /dev/kvm does not open, or lacks what is needed, open() is false and reason() says why.
// Source: [LX virt/kvm/api].
#pragma once
#include <linux/kvm.h>
#include <memory>
#include <string>
#include <vector>

#include "hw/base/bits.hpp"

namespace irqlab::conform {

class KvmVm {
public:
    explicit KvmVm(unsigned cpus = 1);
    ~KvmVm();
    KvmVm(const KvmVm&) = delete;
    KvmVm& operator=(const KvmVm&) = delete;

    bool open() const { return reason_.empty(); }
    const std::string& reason() const { return reason_; }
    unsigned cpus() const { return static_cast<unsigned>(cpu_.size()); }

    /// Lines low, and all chips and CPUs as they were when the machine was made. Quick.
    void power_on();

    // --- wires

    void line(unsigned gsi, bool high);
    /// GSI `gsi` drives these alone; -1: none. `pic_pin` is 0 to 15, the slave's from 8.
    struct Wire {
        int pic_pin, ioapic_pin;
    };
    void wire(const std::vector<Wire>& wires);
    /// A message to FEExxxxxh. True when some local APIC took it.
    bool msi(u32 address_low, u32 data, u32 address_high = 0);
    void nmi(unsigned cpu);

    // --- what a guest's instruction does

    u8 port_read(u16 port, unsigned cpu = 0);
    void port_write(u16 port, u8 value, unsigned cpu = 0);
    u32 mmio_read(u64 address, unsigned cpu = 0);
    void mmio_write(u64 address, u32 value, unsigned cpu = 0);
    bool rdmsr(u32 msr, u64& value, unsigned cpu = 0); ///< False: #GP.
    bool wrmsr(u32 msr, u64 value, unsigned cpu = 0);  ///< False: #GP.
    void write_cr8(u8 value, unsigned cpu = 0);
    u8 read_cr8(unsigned cpu = 0);
    /// Lets one interrupt in. Its vector, or -1 when none came.
    int accept(unsigned cpu = 0);
    unsigned nmis(unsigned cpu = 0) const; ///< Taken since the machine was made.

    // --- states

    kvm_pic_state pic(bool slave) const;
    void set_pic(bool slave, const kvm_pic_state& state);
    kvm_ioapic_state ioapic() const;
    void set_ioapic(const kvm_ioapic_state& state);
    kvm_lapic_state lapic(unsigned cpu = 0) const;
    void set_lapic(const kvm_lapic_state& state, unsigned cpu = 0);
    static u32 reg(const kvm_lapic_state& state, unsigned offset);
    static void set_reg(kvm_lapic_state& state, unsigned offset, u32 value);
    /// Runnable, waiting for a SIPI (init_received), halted: KVM_MP_STATE_*.
    u32 mp_state(unsigned cpu) const;
    /// Takes the CPU back to where it can run accesses, after an INIT.
    void revive(unsigned cpu);

    /// The last thing that went wrong, empty if nothing did: an unexpected exit, an ioctl that failed.
    const std::string& trouble() const { return trouble_; }

private:
    struct Vcpu {
        int fd = -1;
        kvm_run* run = nullptr;
        unsigned index = 0;
    };
    struct Registers {
        u64 ax = 0, cx = 0, dx = 0, di = 0;
    };
    /// Runs the stub at `ip` until it reports. The port by which it did, or -1.
    int execute(unsigned cpu, u16 ip, Registers& r, bool interrupts = false) const;
    void fail(const std::string& what) const;
    bool create(unsigned cpus);
    bool create_vcpu(unsigned index);
    bool start_vcpu(Vcpu& vcpu);
    bool set_segments(const Vcpu& vcpu);
    void probe_acceptance();
    void remember_fresh();
    int run_accept(unsigned cpu);
    void put_in_service(std::vector<kvm_lapic_state>& before, const kvm_ioapic_state& lines, u8 vector,
                        unsigned cpu);
    u32 pic_in_service() const;
    void write_code();

    static constexpr unsigned gsis = 24;
    struct FreshCpu {
        kvm_sregs registers;
        kvm_lapic_state lapic;
    };
    struct Fresh {
        kvm_pic_state pic[2];
        kvm_ioapic_state ioapic;
        std::vector<FreshCpu> cpu;
    };

    int kvm_ = -1, vm_ = -1;
    u8* memory_ = nullptr;
    std::size_t run_bytes_ = 0;
    bool ends_at_acceptance_ = false;
    std::vector<Wire> wires_;
    u32 pins_high_ = 0; // Of the I/O APIC.
    Fresh fresh_{};
    std::vector<Vcpu> cpu_;
    std::string reason_;
    mutable std::string trouble_;
};

} // namespace irqlab::conform
