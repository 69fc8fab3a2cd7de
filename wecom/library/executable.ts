/** A shared library as the loader of some platform takes it. */
export interface Executable {
	platform: 'linux' | 'win32';
	/** As Node names it; undefined for a machine that this package has no name for. */
	arch: string | undefined;
}

/** So many bytes at the beginning of a file tell what it is. */
export const HEADER_BYTES = 4096;

const ELF = Buffer.from('\x7fELF', 'latin1');
const ELF_64_BIT = 2;
const ELF_LITTLE_ENDIAN = 1;
const ELF_SHARED = 3;
const ELF_MACHINES: Readonly<Record<number, string>> = { 3: 'ia32', 40: 'arm', 62: 'x64', 183: 'arm64' }; // prettier-ignore

const PE_POINTER_AT = 0x3c;
const PE_CHARACTERISTICS_AT = 22;
const PE_DLL = 0x2000;
const PE_MACHINES: Readonly<Record<number, string>> = { 0x14c: 'ia32', 0x8664: 'x64', 0xaa64: 'arm64' }; // prettier-ignore

/**
 * Reads what a file is from its beginning.
 *
 * @returns undefined for what is no shared library of Linux or Windows
 */
export function readExecutable(header: Buffer): Executable | undefined {
	return readElf(header) ?? readPe(header);
}

function readElf(header: Buffer): Executable | undefined {
	if (header.length < 20 || !header.subarray(0, 4).equals(ELF)) return undefined;
	if (header[5] !== ELF_LITTLE_ENDIAN) return { platform: 'linux', arch: undefined };
	if (header.readUInt16LE(16) !== ELF_SHARED) return undefined;
	const arch = ELF_MACHINES[header.readUInt16LE(18)];
	const fits = header[4] === ELF_64_BIT || arch === 'ia32' || arch === 'arm';
	return { platform: 'linux', arch: fits ? arch : undefined };
}

function readPe(header: Buffer): Executable | undefined {
	if (header.length < PE_POINTER_AT + 4 || header.toString('latin1', 0, 2) !== 'MZ') {
		return undefined;
	}
	const at = header.readUInt32LE(PE_POINTER_AT);
	if (at + PE_CHARACTERISTICS_AT + 2 > header.length) return undefined;
	if (header.toString('latin1', at, at + 4) !== 'PE\0\0') return undefined;
	if ((header.readUInt16LE(at + PE_CHARACTERISTICS_AT) & PE_DLL) === 0) return undefined;
	return { platform: 'win32', arch: PE_MACHINES[header.readUInt16LE(at + 4)] };
}
