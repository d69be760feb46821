// The virtual machine inside KVM. See the header.
#include "tests/conform/kvm_vm.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/conform/kvm_calls.hpp"

namespace irqlab::conform {

namespace {

// The guest's memory: the real-mode vectors, the counters of NMIs, the code, the vectors' stubs, a stack for
// each CPU.
constexpr std::size_t memory_bytes = 0x10000;
constexpr u16 nmi_counters = 0x600, code = 0x1000, vector_stubs = 0x2000, stacks = 0x8000;
constexpr u16 vector_common = vector_stubs + 256 * 8;
constexpr unsigned nmi_vector = 2;
constexpr u16 stack_bytes = 0x100;
constexpr unsigned cpus_most = 64;

/// Ports that nobody claims: how a stub reports.
enum Report : int { report_done = 0xf5, report_vector = 0xf4 };

/// A stub each, 16 bytes apart. Addresses in EDI need no segment but a flat one: DS has a limit of 4 GiB.
enum Stub : u16 {
    stub_write = code,
    stub_read = code + 0x10,
    stub_out = code + 0x20,
    stub_in = code + 0x30,
    stub_wrmsr = code + 0x40,
    stub_rdmsr = code + 0x50,
    stub_wait = code + 0x60,
};
struct StubText {
    Stub at;
    std::vector<u8> bytes;
};
const std::vector<StubText> stub_texts = {
    {stub_write, {0x66, 0x67, 0x89, 0x07, 0xe6, 0xf5}}, // mov [edi], eax; out f5h, al
    {stub_read, {0x66, 0x67, 0x8b, 0x07, 0xe6, 0xf5}},  // mov eax, [edi]; out f5h, al
    {stub_out, {0xee, 0xe6, 0xf5}},                     // out dx, al; out f5h, al
    {stub_in, {0xec, 0xe6, 0xf5}},                      // in al, dx; out f5h, al
    {stub_wrmsr, {0x0f, 0x30, 0xe6, 0xf5}},             // wrmsr; out f5h, al
    {stub_rdmsr, {0x0f, 0x32, 0xe6, 0xf5}},             // rdmsr; out f5h, al
    {stub_wait, {0x90, 0x90, 0xe6, 0xf5}},              // nop; nop; out f5h, al
};

constexpr u64 flag_fixed = 0x2, flag_if = 0x200;

} // namespace

void KvmVm::fail(const std::string& what) const
{
    trouble_ = fmt::format("{}: {}", what, std::strerror(errno));
}

KvmVm::KvmVm(unsigned cpus)
{
    if (cpus < 1 || cpus > cpus_most) {
        reason_ = fmt::format("{} CPUs: this witness has 1 to {}", cpus, cpus_most);
        return;
    }
    kvm_ = ::open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (kvm_ < 0) {
        reason_ = fmt::format("/dev/kvm does not open: {}", std::strerror(errno));
        return;
    }
    if (!create(cpus))
        reason_ = trouble_;
    trouble_.clear();
}

KvmVm::~KvmVm()
{
    for (const Vcpu& v : cpu_) {
        if (v.run)
            munmap(v.run, run_bytes_);
        close(v.fd);
    }
    if (vm_ >= 0)
        close(vm_);
    if (memory_)
        munmap(memory_, memory_bytes);
    if (kvm_ >= 0)
        close(kvm_);
}

bool KvmVm::create(unsigned cpus)
{
    vm_ = ioctl(kvm_, KVM_CREATE_VM, 0);
    if (vm_ < 0)
        return fail("KVM_CREATE_VM"), false;
    constexpr u64 tss_address = 0xfffbd000;
    ioctl(vm_, KVM_SET_TSS_ADDR, tss_address); // Intel's real mode wants it; others do not mind.
    if (ioctl(vm_, KVM_CREATE_IRQCHIP, 0) != 0)
        return fail("KVM_CREATE_IRQCHIP"), false;
    kvm_enable_cap x2apic{};
    x2apic.cap = KVM_CAP_X2APIC_API;
    x2apic.args[0] = KVM_X2APIC_API_USE_32BIT_IDS;
    if (call(vm_, KVM_ENABLE_CAP, &x2apic) != 0)
        return fail("KVM_CAP_X2APIC_API"), false;
    void* memory = mmap(nullptr, memory_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return fail("mmap"), false;
    memory_ = static_cast<u8*>(memory);
    write_code();
    const kvm_userspace_memory_region region{0, 0, 0, memory_bytes, reinterpret_cast<u64>(memory_)};
    if (call(vm_, KVM_SET_USER_MEMORY_REGION, &region) != 0)
        return fail("KVM_SET_USER_MEMORY_REGION"), false;
    run_bytes_ = static_cast<std::size_t>(ioctl(kvm_, KVM_GET_VCPU_MMAP_SIZE, 0));
    for (unsigned i = 0; i < cpus; ++i)
        if (!create_vcpu(i))
            return false;
    trouble_.clear();
    probe_acceptance();
    remember_fresh();
    return trouble_.empty();
}

void KvmVm::write_code()
{
    for (const StubText& stub : stub_texts)
        std::memcpy(memory_ + stub.at, stub.bytes.data(), stub.bytes.size());
    for (unsigned v = 0; v < 256; ++v) {
        const u16 at = static_cast<u16>(vector_stubs + v * 8);
        const u16 vector_table_entry[2] = {at, 0};
        std::memcpy(memory_ + v * 4, vector_table_entry, sizeof vector_table_entry);
        const u16 distance = static_cast<u16>(vector_common - (at + 5));
        const u8 text[] = {0xb0, static_cast<u8>(v), 0xe9, static_cast<u8>(distance),
                           static_cast<u8>(distance >> 8)}; // mov al, v; jmp vector_common
        std::memcpy(memory_ + at, text, sizeof text);
    }
    constexpr u8 common[] = {0xe6, report_vector}; // out f4h, al
    std::memcpy(memory_ + vector_common, common, sizeof common);
    constexpr u8 nmi[] = {0x36, 0xff, 0x06, 0x00, 0x06, 0xcf}; // inc word ss:[600h]; iret
    std::memcpy(memory_ + vector_stubs + nmi_vector * 8, nmi, sizeof nmi);
}

bool KvmVm::create_vcpu(unsigned index)
{
    Vcpu v{ioctl(vm_, KVM_CREATE_VCPU, index), nullptr, index};
    if (v.fd < 0)
        return fail("KVM_CREATE_VCPU"), false;
    void* run = mmap(nullptr, run_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, v.fd, 0);
    v.run = run == MAP_FAILED ? nullptr : static_cast<kvm_run*>(run);
    cpu_.push_back(v);
    return v.run ? start_vcpu(cpu_.back()) : (fail("mmap of a vCPU"), false);
}

/// All of the host's features, with x2APIC and TSC-deadline mode, which KVM makes itself.
bool KvmVm::start_vcpu(Vcpu& vcpu)
{
    List<kvm_cpuid_entry2, 256> cpuid{};
    cpuid.head.count = 256;
    if (call(kvm_, get_supported_cpuid, &cpuid) != 0)
        return fail("KVM_GET_SUPPORTED_CPUID"), false;
    constexpr u32 x2apic = 1u << 21, tsc_deadline = 1u << 24;
    for (kvm_cpuid_entry2& e : cpuid.entry) {
        if (e.function == 1) {
            e.ecx |= x2apic | tsc_deadline;
            e.ebx = (e.ebx & 0x00ffffff) | vcpu.index << 24;
        } else if (e.function == 0xb || e.function == 0x1f) {
            e.edx = vcpu.index;
        }
    }
    if (call(vcpu.fd, set_cpuid, &cpuid) != 0)
        return fail("KVM_SET_CPUID2"), false;
    return set_segments(vcpu);
}

/// Real mode with flat segments: a base of 0 and a limit of 4 GiB.
bool KvmVm::set_segments(const Vcpu& vcpu)
{
    kvm_mp_state state{KVM_MP_STATE_RUNNABLE};
    if (call(vcpu.fd, KVM_SET_MP_STATE, &state) != 0)
        return fail("KVM_SET_MP_STATE"), false;
    kvm_sregs s{};
    if (call(vcpu.fd, KVM_GET_SREGS, &s) != 0)
        return fail("KVM_GET_SREGS"), false;
    for (kvm_segment* segment : {&s.ds, &s.es, &s.fs, &s.gs}) {
        segment->base = 0;
        segment->limit = 0xffffffff;
        segment->g = 1;
    }
    s.cs.base = s.ss.base = 0;
    s.cs.selector = s.ss.selector = 0;
    // The counter of NMIs is relative to SS, one for each CPU: DS and the code are common.
    s.ss.base = vcpu.index * 16;
    s.ss.selector = static_cast<u16>(vcpu.index);
    if (call(vcpu.fd, KVM_SET_SREGS, &s) != 0)
        return fail("KVM_SET_SREGS"), false;
    return true;
}

void KvmVm::remember_fresh()
{
    fresh_ = {{pic(false), pic(true)}, ioapic(), {}};
    for (unsigned i = 0; i < cpus(); ++i) {
        kvm_sregs s{};
        if (call(cpu_[i].fd, KVM_GET_SREGS, &s) != 0)
            return fail("KVM_GET_SREGS");
        fresh_.cpu.push_back({s, lapic(i)});
    }
}

void KvmVm::power_on()
{
    for (unsigned gsi = 0; gsi < gsis; ++gsi)
        line(gsi, false);
    for (unsigned i = 0; i < cpus(); ++i) {
        mp_state(i); // An INIT that waits is taken now.
        const kvm_mp_state running{KVM_MP_STATE_RUNNABLE};
        if (call(cpu_[i].fd, KVM_SET_MP_STATE, &running) != 0 ||
            call(cpu_[i].fd, KVM_SET_SREGS, &fresh_.cpu[i].registers) != 0)
            fail("a CPU that starts over");
        set_lapic(fresh_.cpu[i].lapic, i);
    }
    set_pic(true, fresh_.pic[1]); // First, or its request goes on to a master that is as new.
    set_pic(false, fresh_.pic[0]);
    set_ioapic(fresh_.ioapic);
}

void KvmVm::revive(unsigned cpu)
{
    const kvm_lapic_state state = lapic(cpu);
    set_segments(cpu_[cpu]); // CR8 among them, which holds half of TPR.
    set_lapic(state, cpu);
}

int KvmVm::execute(unsigned cpu, u16 ip, Registers& r, bool interrupts) const
{
    kvm_run& run = *cpu_[cpu].run;
    kvm_regs& regs = run.s.regs.regs;
    regs = {};
    regs.rax = r.ax;
    regs.rcx = r.cx;
    regs.rdx = r.dx;
    regs.rdi = r.di;
    regs.rip = ip;
    regs.rsp = static_cast<u64>(stacks + cpu * stack_bytes);
    regs.rflags = flag_fixed | (interrupts ? flag_if : 0);
    run.kvm_dirty_regs = run.kvm_valid_regs = KVM_SYNC_X86_REGS;
    int result = 0;
    do
        result = ioctl(cpu_[cpu].fd, KVM_RUN, 0);
    while (result < 0 && errno == EINTR);
    if (result < 0)
        return fail("KVM_RUN"), -1;
    if (run.exit_reason != KVM_EXIT_IO || (run.io.port != report_done && run.io.port != report_vector)) {
        trouble_ =
            fmt::format("KVM_RUN of CPU {} at {:#x} ended with exit reason {}", cpu, ip, run.exit_reason);
        return -1;
    }
    r = {regs.rax, regs.rcx, regs.rdx, regs.rdi};
    return run.io.port;
}

// --- what a guest's instruction does
// ---------------------------------------------------------------------------------

u8 KvmVm::port_read(u16 port, unsigned cpu)
{
    Registers r{.dx = port};
    execute(cpu, stub_in, r);
    return static_cast<u8>(r.ax);
}

void KvmVm::port_write(u16 port, u8 value, unsigned cpu)
{
    Registers r{.ax = value, .dx = port};
    execute(cpu, stub_out, r);
}

u32 KvmVm::mmio_read(u64 address, unsigned cpu)
{
    Registers r{.di = address};
    execute(cpu, stub_read, r);
    return static_cast<u32>(r.ax);
}

void KvmVm::mmio_write(u64 address, u32 value, unsigned cpu)
{
    Registers r{.ax = value, .di = address};
    execute(cpu, stub_write, r);
}

bool KvmVm::rdmsr(u32 msr, u64& value, unsigned cpu)
{
    Registers r{.cx = msr};
    const bool done = execute(cpu, stub_rdmsr, r) == report_done;
    value = (r.dx << 32) | (r.ax & 0xffffffff);
    return done;
}

bool KvmVm::wrmsr(u32 msr, u64 value, unsigned cpu)
{
    Registers r{.ax = value & 0xffffffff, .cx = msr, .dx = value >> 32};
    return execute(cpu, stub_wrmsr, r) == report_done;
}

/// Real mode has no CR8; its state does.
void KvmVm::write_cr8(u8 value, unsigned cpu)
{
    kvm_sregs s{};
    if (call(cpu_[cpu].fd, KVM_GET_SREGS, &s) != 0)
        return fail("KVM_GET_SREGS");
    s.cr8 = value;
    if (call(cpu_[cpu].fd, KVM_SET_SREGS, &s) != 0)
        fail("KVM_SET_SREGS");
}

u8 KvmVm::read_cr8(unsigned cpu)
{
    kvm_sregs s{};
    if (call(cpu_[cpu].fd, KVM_GET_SREGS, &s) != 0)
        fail("KVM_GET_SREGS");
    return static_cast<u8>(s.cr8);
}

/// Once more after an NMI, which takes the place of the interrupt.
int KvmVm::run_accept(unsigned cpu)
{
    for (;;) {
        const unsigned nmis_before = nmis(cpu);
        Registers r;
        if (execute(cpu, stub_wait, r, true) == report_vector)
            return static_cast<int>(r.ax & 0xff);
        if (nmis(cpu) == nmis_before)
            return -1;
    }
}

int KvmVm::accept(unsigned cpu)
{
    if (!ends_at_acceptance_)
        return run_accept(cpu);
    std::vector<kvm_lapic_state> before;
    for (unsigned i = 0; i < cpus(); ++i)
        before.push_back(lapic(i));
    const kvm_ioapic_state lines = ioapic();
    const u32 in_service = pic_in_service();
    const int vector = run_accept(cpu);
    if (vector >= 0 && in_service == pic_in_service())
        put_in_service(before, lines, static_cast<u8>(vector), cpu);
    return vector;
}

/// The states from before the acceptance, with the vector moved from IRR to ISR. If its trigger mode is
/// level, the end went to the I/O APIC, which may have sent it again, to others too.
void KvmVm::put_in_service(std::vector<kvm_lapic_state>& before, const kvm_ioapic_state& lines, u8 vector,
                           unsigned cpu)
{
    constexpr unsigned isr = 0x100, tmr = 0x180, irr = 0x200;
    const unsigned word = vector / 32 * 0x10;
    const u32 mask = u32{1} << vector % 32;
    kvm_lapic_state& mine = before[cpu];
    if ((reg(mine, irr + word) & mask) == 0)
        return; // The spurious vector.
    set_reg(mine, irr + word, reg(mine, irr + word) & ~mask);
    set_reg(mine, isr + word, reg(mine, isr + word) | mask);
    const bool level = (reg(mine, tmr + word) & mask) != 0;
    if (level) {
        kvm_ioapic_state with_edges = lines;
        with_edges.irr |= pins_high_; // KVM hands out no edge that it has sent, and would see it come again.
        set_ioapic(with_edges);
    }
    for (unsigned i = 0; i < cpus(); ++i)
        if (i == cpu || level)
            set_lapic(before[i], i);
}

/// Does an interrupt stay in service when it was accepted? A self-IPI tells; the machine is as before
/// afterwards.
void KvmVm::probe_acceptance()
{
    constexpr u64 page = 0xfee00000;
    constexpr u8 vector = 0x51;
    const kvm_lapic_state fresh = lapic(0);
    kvm_lapic_state state = fresh;
    set_reg(state, 0xf0, 0x1ff);    // On,
    set_reg(state, 0x350, 0x10700); // LINT0 masked.
    set_lapic(state, 0);
    mmio_write(page + 0x300, 0x40000 | vector);
    if (run_accept(0) != vector)
        trouble_ = "an interrupt that was requested did not come";
    ends_at_acceptance_ = reg(lapic(0), 0x120) == 0;
    set_lapic(fresh, 0);
}

u32 KvmVm::pic_in_service() const { return pic(false).isr | u32{pic(true).isr} << 8; }

unsigned KvmVm::nmis(unsigned cpu) const
{
    u16 count = 0;
    std::memcpy(&count, memory_ + nmi_counters + cpu * 16, sizeof count);
    return count;
}

} // namespace irqlab::conform
