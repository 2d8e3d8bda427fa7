// Has a refusal forgotten: asks the app, and tells the person what follows.
import { UsageError } from './classify-command.ts';
import type { Deployed } from './deployed.ts';
import { plain } from './report.ts';

/** Takes the id of the remediation that shows the refusal. The app records the person who is signed in, and the reason. */
export async function forgetRefusal(deployed: Deployed, id: string, why: string | undefined): Promise<number> {
  if (why === undefined) throw new UsageError('forget-refusal takes --why: the reason is recorded.');
  await deployed.post(`remediations/${id}/forget-refusal`, { why });
  const said = `Forgotten: ${id}. pullmedic decides anew, for every app and image with this identity. What speaks against the grant otherwise still does.`;
  process.stdout.write(`${plain(said)}\n`);
  return 0;
}
