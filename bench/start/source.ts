// The source of the app as it would be deployed without a bundler: each file translated to JavaScript by itself, beside the dependencies as
// npm installs them.
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { transform } from 'esbuild';

/** Writes the translated source into the folder and returns the path of its first file. */
export async function writeSource(folder: string): Promise<string> {
  for (const file of globSync('src/**/*.ts')) {
    const target = join(folder, asJavaScript(file));
    mkdirSync(dirname(target), { recursive: true });
    const { code } = await transform(readFileSync(file, 'utf8'), { loader: 'ts', target: 'node24' });
    writeFileSync(target, withTranslatedImports(code));
  }
  // Without it Node would have to find out of each file which kind of module it is.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return join(folder, asJavaScript('src/index.ts'));
}

function asJavaScript(file: string): string {
  return file.replace(/\.ts$/, '.js');
}

/** The code with the imports of its own files by their new names. */
export function withTranslatedImports(code: string): string {
  return code.replace(/((?:from|import|import\()\s*")(\.{1,2}\/[^"]+)\.ts"/g, '$1$2.js"');
}
