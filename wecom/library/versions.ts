/**
 * Versions by the md5 in the md5.txt of Tencent's packages, as third parties carry it. Good enough to
 * name a version, not to trust a file.
 */
const VERSIONS: Readonly<Partial<Record<string, string>>> = {
	'781ec3cbad904b1527023cc9df0f279b': 'v1 Linux x86-64 (2020)',
	d422224e67eb07a195d1d7115b39284c: 'v2.0 Linux x86-64 (2024-06-06)',
	f2db3dd1372c516db6290afbd1b5c698: 'v3.0 Linux x86-64 (2025-02-13)',
	'2d22071add7284a978f55e70cc7ddb3d': 'v3.0 Linux arm64 (2025-02-13)',
	dc48f8e2a3afdd1f9e9d61bb97e0224f: 'v3.0 Windows x86-64 (2025-02-13)',
};

/**
 * The version of the library that a file is.
 *
 * @param md5 of the file, hex
 * @returns undefined for a file that no list has
 */
export function versionOf(md5: string): string | undefined {
	return VERSIONS[md5];
}
