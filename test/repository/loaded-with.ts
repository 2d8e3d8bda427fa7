// What loads with an entry point, from the bundler's own account of it.
import { type BuildOptions, build, type Metafile } from 'esbuild';

/** Bundles an entry point in parts, writes nothing, and returns the account of the parts. */
export async function partsOf(entryPoint: string, more: BuildOptions = {}): Promise<Metafile['outputs']> {
  const { metafile } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    outdir: 'unused',
    write: false,
    logLevel: 'error',
    ...more,
    metafile: true,
  });
  return metafile.outputs;
}

/** The inputs of the part that begins with this file, and of those that it imports at once. */
export function loadedWith(file: string, parts: Metafile['outputs']): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const part = parts[name];
    if (part === undefined || seen.has(name)) return;
    seen.add(name);
    for (const { path, kind } of part.imports) if (kind === 'import-statement') visit(path);
  };
  for (const [name, { entryPoint }] of Object.entries(parts)) if (entryPoint === file) visit(name);
  return new Set([...seen].flatMap((name) => Object.keys(parts[name]?.inputs ?? {})));
}

/** The packages among these inputs. */
export function packagesAmong(inputs: Iterable<string>): string[] {
  const names = [...inputs].map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}
