import process from 'node:process';

/** What decides whether Tencent's library can run here. */
export interface Machine {
	/** `linux`, `win32`, … */
	platform: string;
	/** `x64`, `arm64`, … */
	arch: string;
	/** `glibc 2.36`, `musl`, or empty where there is neither. */
	libc: string;
	/** User that this process runs as; undefined where users have no numbers. */
	uid?: number;
}

let known: Machine | undefined;

/** This machine. The first call takes a few milliseconds. */
export function thisMachine(): Machine {
	known ??= {
		platform: process.platform,
		arch: process.arch,
		libc: process.platform === 'linux' ? findLibc() : '',
		...(process.geteuid ? { uid: process.geteuid() } : {}),
	};
	return known;
}

function findLibc(): string {
	// The types of Node 20 lack the setting.
	const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
	const before = report.excludeNetwork;
	report.excludeNetwork = true; // names of hosts are looked up for it otherwise
	try {
		const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
		const version = header?.glibcVersionRuntime;
		return version ? `glibc ${version}` : 'musl';
	} finally {
		report.excludeNetwork = before ?? false;
	}
}
