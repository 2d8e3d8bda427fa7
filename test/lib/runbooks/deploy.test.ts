// The commands that deploy another image name the container that has this one.
import { describe, expect, it } from 'vitest';
import type { DeclaredContainer } from '../../../src/lib/evidence/app-facts.ts';
import { deploy } from '../../../src/lib/runbooks/deploy.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { app, dnsUnlinked, image, target } from '../facts.ts';
import { inputFor, textOf } from './cases.ts';

const web: DeclaredContainer = { name: 'web', image };
const proxy: DeclaredContainer = { name: 'proxy', image: 'acrshop.azurecr.io/shop/proxy:v1' };
const migrate: DeclaredContainer = { name: 'migrate', image, init: true };

function having(...containers: DeclaredContainer[]) {
  return inputFor('tag-missing', { evidence: { ...dnsUnlinked, app: known({ ...app, containers }) } });
}

function commandsFor(...containers: DeclaredContainer[]): string[] {
  return deploy(having(...containers), 'Deploy', 'acrshop.azurecr.io/shop/orders:v7').map(({ text }) => text);
}

describe('the command that deploys another image', () => {
  it('names the container that has this one, and no other', () => {
    expect(commandsFor(proxy, web)).toEqual([
      expect.stringMatching(
        /^az containerapp update .* --container-name web --image acrshop\.azurecr\.io\/shop\/orders:v7$/,
      ),
    ]);
  });

  it('is one for each container that has it', () => {
    expect(
      commandsFor(web, { ...web, name: 'worker' }).map((text) => / --container-name (\w+) /.exec(text)?.[1]),
    ).toEqual(['web', 'worker']);
  });

  it('leaves the containers of the app alone where an init container has it: its template is written whole', () => {
    const commands = commandsFor(proxy, migrate);

    expect(commands).toEqual([
      expect.stringMatching(/^az containerapp show .* --output yaml$/),
      expect.stringMatching(/^az containerapp update .* --yaml template\.yaml$/),
    ]);
    expect(deploy(having(proxy, migrate), 'Deploy', 'x:1')[0]?.title).toContain('init container migrate in it to x:1');
  });

  it('names none where the containers were not read, or have other images', () => {
    expect(commandsFor()).toEqual([expect.not.stringContaining('--container-name')]);
    expect(commandsFor(proxy)).toEqual([expect.not.stringContaining('--container-name')]);
  });

  it('is spelled for a job where the workload is one', () => {
    const jobId = target.appId.replace('containerapps', 'jobs') as typeof target.appId;
    const { evidence } = having(migrate);

    expect(textOf('tag-missing', { target: { ...target, appId: jobId }, evidence })).toContain(
      'az containerapp job show ',
    );
  });
});
