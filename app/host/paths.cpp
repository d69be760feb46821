// Looking things up on the host.
#include "app/host/paths.hpp"
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace irqlab::app {

namespace fs = std::filesystem;

std::string own_program()
{
    std::error_code error;
    return fs::read_symlink("/proc/self/exe", error).string();
}

std::string linux_directory()
{
    if (const char* given = std::getenv("IRQLAB_LINUX"))
        return absolute_path(given);
    std::error_code error;
    const fs::path installed = fs::path(own_program()).parent_path().parent_path() / "share/irqlab/linux";
    if (fs::is_directory(installed / "include", error))
        return installed.string();
#ifdef IRQLAB_SOURCE_LINUX_DIR
    if (fs::is_directory(fs::path(IRQLAB_SOURCE_LINUX_DIR) / "include", error))
        return IRQLAB_SOURCE_LINUX_DIR;
#endif
    return {};
}

std::string find_program(std::string_view name, std::string_view path, std::string_view skip)
{
    while (!path.empty()) {
        const std::string_view folder = path.substr(0, path.find(':'));
        path.remove_prefix(folder.size() == path.size() ? path.size() : folder.size() + 1);
        if (folder.empty() || folder == skip)
            continue;
        const std::string candidate = std::string(folder) + "/" + std::string(name);
        struct stat status;
        if (::stat(candidate.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
            ::access(candidate.c_str(), X_OK) == 0)
            return candidate;
    }
    return {};
}

std::string find_program(std::string_view name)
{
    const char* path = std::getenv("PATH");
    return find_program(name, path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin");
}

std::string absolute_path(std::string_view path, std::string_view base)
{
    std::error_code error;
    const fs::path from = base.empty() ? fs::current_path(error) : fs::path(base);
    fs::path full = (from / path).lexically_normal();
    if (!full.has_filename() && full != full.root_path())
        full = full.parent_path();
    return full.string();
}

bool read_file(const std::string& path, std::string& text)
{
    std::error_code error;
    if (fs::is_directory(path, error)) {
        errno = EISDIR;
        return false;
    }
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return false;
    text.assign(std::istreambuf_iterator<char>(file), {});
    return !file.bad();
}

bool write_file(const std::string& path, std::string_view text)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.flush();
    return file.good();
}

TemporaryDirectory::TemporaryDirectory(const char* purpose)
{
    std::error_code error;
    const fs::path parent = fs::temp_directory_path(error);
    std::string name = ((error ? fs::path("/tmp") : parent) / ("irqlab-" + std::string(purpose) + "-XXXXXX")).string();
    if (::mkdtemp(name.data()) != nullptr)
        path_ = name;
}

TemporaryDirectory::~TemporaryDirectory()
{
    std::error_code error;
    if (!path_.empty())
        fs::remove_all(path_, error);
}

} // namespace irqlab::app
