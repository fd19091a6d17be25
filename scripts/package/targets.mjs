/**
 * The systems that packages are made for, by VS Code's names. `os`, `cpu` and `libc` are npm's words for them; `format` and
 * `machine` are what the head of a native file of that system says.
 */
export const TARGETS = [
  { name: 'linux-x64', os: 'linux', cpu: 'x64', libc: 'glibc', format: 'ELF', machine: 0x3e },
  { name: 'linux-arm64', os: 'linux', cpu: 'arm64', libc: 'glibc', format: 'ELF', machine: 0xb7 },
  { name: 'win32-x64', os: 'win32', cpu: 'x64', format: 'PE', machine: 0x8664 },
  { name: 'win32-arm64', os: 'win32', cpu: 'arm64', format: 'PE', machine: 0xaa64 },
  { name: 'darwin-arm64', os: 'darwin', cpu: 'arm64', format: 'Mach-O', machine: 0x0100000c },
];
