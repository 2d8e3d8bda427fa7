// A command of an app in the spelling of another kind.
import { describe, expect, it } from 'vitest';
import { spelledFor } from '../../../src/lib/workloads/commands.ts';
import { containerApp } from '../../../src/lib/workloads/container-app/container-app.ts';
import { containerGroup } from '../../../src/lib/workloads/container-group/container-group.ts';
import { job } from '../../../src/lib/workloads/job/job.ts';

const entry = 'az containerapp registry set --name n --server s --identity /id';

describe('a command of an app', () => {
  it('stays as it is for an app', () => {
    expect(spelledFor(containerApp, entry, 'r/a:1')).toBe(entry);
  });

  it('is spelled for another kind, with the image where that kind has to name it', () => {
    expect(spelledFor(job, entry, 'r/a:1')).toBe('az containerapp job registry set --name n --server s --identity /id');
    expect(spelledFor(containerGroup, entry, 'r/a:1')).toBe(
      'az container create --name n --registry-login-server s --assign-identity /id --acr-identity /id --image r/a:1',
    );
  });

  it('takes an image with a sign of replacement as it is', () => {
    expect(spelledFor(containerGroup, entry, "'$&$1'")).toMatch(/--image '\$&\$1'$/);
  });

  it('keeps the image that it names itself, which may be another one', () => {
    const update = 'az containerapp update --name n --image IMAGE';
    expect(spelledFor(containerGroup, update, 'r/a:1')).toBe('az container create --name n --image IMAGE');
  });

  it('is empty where the kind has no such command', () => {
    expect(spelledFor(job, 'az containerapp update --name n --revision-suffix again', 'r/a:1')).toBe('');
  });
});
