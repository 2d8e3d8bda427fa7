// Commands are written for apps, and read as those of the kind of workload that they are for.

import type { Workload } from './workload.ts';

/**
 * A command of an app, spelled for this kind; empty where nothing is left of it. `image`: one word of a shell, the image that the command is
 * about, for a command of the kind that has to name it.
 */
export function spelledFor({ commands = [] }: Workload, command: string, image: string): string {
  return commands
    .reduce((before, [forApps, same]) => before.replace(forApps, same), command)
    .replaceAll('--image THIS_IMAGE', () => `--image ${image}`);
}
