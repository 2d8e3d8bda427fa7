// Has a refusal forgotten: asks the app, and tells the person what follows.
import { UsageError } from './classify-command.ts';
import type { Deployed } from './deployed.ts';
import { plain } from './report.ts';

/** Takes the id of the remediation that shows the refusal. Who forgets it and why is recorded, so both have to be said. */
export async function forgetRefusal(
  deployed: Deployed,
  id: string,
  { by, why }: { readonly by: string | undefined; readonly why: string | undefined },
): Promise<number> {
  if (by === undefined || why === undefined)
    throw new UsageError('forget-refusal takes --by and --why: who forgets the refusal, and why, is recorded.');
  await deployed.post(`remediations/${id}/forget-refusal`, { by, why });
  const said = `Forgotten: ${id}. pullmedic decides anew, for every app and image with this identity. What speaks against the grant otherwise still does.`;
  process.stdout.write(`${plain(said)}\n`);
  return 0;
}
