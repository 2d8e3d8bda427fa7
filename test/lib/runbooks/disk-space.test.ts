// An image that does not fit: a limit is told from a full disk, and the way to a larger workload profile is a command.
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/lib/classify/classify.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { groupFacts, groupTarget, roleMissing } from '../facts.ts';
import { diagnosisOf, inputFor, textOf } from './cases.ts';

function toldBy(text: string) {
  const { label, words, rule } = classify(text);
  const found = { code: 'log-says', detail: { label, words, rule } } as const;
  return { diagnosis: { ...diagnosisOf('no-space', {}), for: [found] } };
}

const limit = 'The image acrshop.azurecr.io/llm:12 is too large for this workload profile';
const full =
  'failed to extract layer sha256:55ee: write /var/lib/containerd/x: no space left on device: unknown, pulling acrshop.azurecr.io/llm:12';

describe('an image that does not fit', () => {
  it('is above a limit, or on a full disk, as the text says', () => {
    expect(runbookFor(inputFor('no-space', toldBy(limit))).title).toContain('larger than its platform allows');
    expect(runbookFor(inputFor('no-space', toldBy(full))).title).toContain('does not fit on the disk');
    expect(textOf('no-space', toldBy(full))).not.toContain('another try cannot help');
  });

  it('moves with its app to a dedicated workload profile, and back', () => {
    const { commands, undo } = runbookFor(inputFor('no-space'));
    const texts = commands.map(({ text }) => text);

    expect(texts[0]).toContain('workload-profile list');
    expect(texts[1]).toContain('workload-profile add');
    expect(texts[2]).toMatch(/^az containerapp update .*--workload-profile-name large-images$/);
    expect(undo).toContain('--workload-profile-name Consumption');
  });

  it('of a container group has no profile to move to', () => {
    const evidence = { ...roleMissing, app: known(groupFacts) };

    expect(textOf('no-space', { evidence, target: groupTarget })).not.toContain('workload-profile');
  });
});
