// Makes the files of a release: the folder of the app, zips that have the same bytes for the same sources, and their checksums.
// `node tools/package.ts [FOLDER]`; build the bundle first.
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { z } from 'zod';

const release = process.argv[2] ?? 'release';
const manifestShape = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
});
const own = manifestShape.parse(JSON.parse(await readFile('package.json', 'utf8')));

interface PackedFile {
  readonly path: string;
  readonly data: Buffer;
}

/** Every entry has the first date of the format, so that the bytes of a zip do not depend on the time of the build. */
const date = 0x21;

function localHeader(name: Buffer, data: Buffer, packed: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(0x0800, 6);
  header.writeUInt16LE(8, 8);
  header.writeUInt16LE(date, 12);
  header.writeUInt32LE(crc32(data), 14);
  header.writeUInt32LE(packed.length, 18);
  header.writeUInt32LE(data.length, 22);
  header.writeUInt16LE(name.length, 26);
  return header;
}

/** An entry of the directory at the end of a zip. It repeats the header and adds the entry's position and the rights of the file. */
function directoryEntry(local: Buffer, offset: number, mode: number): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(0x0314, 4);
  local.copy(entry, 6, 4, 30);
  entry.writeUInt32LE(((0o100000 | mode) << 16) >>> 0, 38);
  entry.writeUInt32LE(offset, 42);
  return entry;
}

function end(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}

function zip(files: readonly PackedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, data } of files) {
    const name = Buffer.from(path, 'utf8');
    const packed = deflateRawSync(data, { level: 9 });
    const local = localHeader(name, data, packed);
    directory.push(directoryEntry(local, offset, path.endsWith('.sh') ? 0o755 : 0o644), name);
    parts.push(local, name, packed);
    offset += local.length + name.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  return Buffer.concat([...parts, listed, end(files.length, listed.length, offset)]);
}

async function filesOf(root: string, below = ''): Promise<PackedFile[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? filesOf(root, path) : [{ path, data: await readFile(join(root, path)) }];
    }),
  );
  return found.flat().sort((a, b) => (a.path < b.path ? -1 : 1));
}

const app = join(release, 'app');
await rm(release, { recursive: true, force: true });
await mkdir(join(app, 'dist'), { recursive: true });
const isCode = ({ path }: PackedFile): boolean => path === 'index.cjs' || /^parts\/.+\.cjs$/.test(path);
const built = await filesOf('dist');
for (const { path } of built.filter(isCode)) await cp(join('dist', path), join(app, 'dist', path));
await cp('host.json', join(app, 'host.json'));
// The bundle holds all dependencies, so the host installs nothing.
const { name, version, description, license } = own;
const engines = { node: '>=22' };
const manifest = { name, version, description, license, private: true, engines, main: 'dist/index.cjs' };
await writeFile(join(app, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

const templates = (await filesOf('infra')).map(({ path, data }) => ({ path: `infra/${path}`, data }));
const zips = {
  [`pullmedic-${version}.zip`]: zip(await filesOf(app)),
  // They read a stack trace of the bundle. The host does not need them, and they are larger than the app.
  [`pullmedic-map-${version}.zip`]: zip(built.filter(({ path }) => /^(?:index|parts\/.+)\.cjs\.map$/.test(path))),
  [`pullmedic-infra-${version}.zip`]: zip(templates),
};
const sums: string[] = [];
for (const [file, data] of Object.entries(zips)) {
  await mkdir(dirname(join(release, file)), { recursive: true });
  await writeFile(join(release, file), data);
  sums.push(`${createHash('sha256').update(data).digest('hex')}  ${file}\n`);
}
await writeFile(join(release, 'SHA256SUMS'), sums.join(''));
