import * as koffi from 'koffi';

const RTLD_NOW = 2;
const NEW_NAMESPACE = -1;
const RTLD_DI_LMID = 1;
/**
 * Thread-specific data of the C library of node and of that in the new namespace is kept in the same
 * slots of the same thread block. So many of the new one are used up before the library gets any.
 */
const RESERVED_KEYS = 256;

/** A function of a library. */
export type NativeFunction = ReturnType<koffi.LibraryHandle['func']>;

/** Finds functions by their prototypes in C. */
export interface Functions {
	/** @throws Error in the words of the loader where the function is missing */
	func(prototype: string): NativeFunction;
}

/**
 * Loads a library into a linker namespace of its own, with C and C++ libraries of its own: none of the
 * names that node exports, its OpenSSL above all, gets in its way. Linux with glibc alone.
 *
 * @throws Error in the words of the loader
 */
export function loadIsolated(file: string): Functions {
	const linker = findLinker();
	const libc = linker.open(NEW_NAMESPACE, 'libc.so.6');
	const createKey = linker.find(libc, 'int pthread_key_create(_Out_ uint32_t *key, void *end)');
	for (let count = 0; count < RESERVED_KEYS; count++) createKey([0], null);
	const library = linker.open(linker.namespaceOf(libc), file);
	return { func: (prototype) => linker.find(library, prototype) };
}

type Handle = unknown;

function findLinker() {
	const own = koffi.load(null);
	const find = (prototype: string) => {
		try {
			return own.func(prototype);
		} catch {
			return koffi.load('libdl.so.2').func(prototype); // before glibc 2.34
		}
	};
	const dlmopen = find('void *dlmopen(long namespace, const char *file, int flags)');
	const dlsym = find('void *dlsym(void *handle, const char *name)');
	const dlerror = find('const char *dlerror()');
	const dlinfo = find('int dlinfo(void *handle, int request, _Out_ long *info)');
	const refusal = () => new Error((dlerror() as string | null) ?? 'refused without a reason');
	return {
		open(namespace: number | bigint, file: string): Handle {
			const handle: unknown = dlmopen(namespace, file, RTLD_NOW);
			if (!handle) throw refusal();
			return handle;
		},
		namespaceOf(handle: Handle): number | bigint {
			const found: [number | bigint] = [0];
			if (dlinfo(handle, RTLD_DI_LMID, found) !== 0) throw refusal();
			return found[0];
		},
		find(handle: Handle, prototype: string): NativeFunction {
			const type = koffi.proto(prototype);
			const pointer: unknown = dlsym(handle, type.name);
			if (!pointer) throw refusal();
			return koffi.decode(pointer, type) as NativeFunction;
		},
	};
}
