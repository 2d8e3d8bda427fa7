// The commands that deploy another image: into the containers that have this one, and into no other.

import type { DeclaredContainer } from '../evidence/app-facts.ts';
import { appOf } from '../evidence/evidence.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import type { Command, RunbookInput } from './runbook.ts';
import { appOptions, shellWord, wordOr } from './runbook.ts';

/**
 * Deploys an image (a reference, or a placeholder in capitals if the runbook cannot propose one) in place of the target's. Without the name of the
 * container `az containerapp update --image` changes the only container of an app, which need not be the one that has this image, and is refused
 * where there are several (source of the extension `containerapp`, `_containerapp_def_cli.py`, and reports of azure-cli-extensions).
 */
export function deploy(input: RunbookInput, title: string, image: string): Command[] {
  const word = wordOr(withoutUserinfo(image), 'IMAGE');
  const holders = (appOf(input.evidence)?.containers ?? []).filter((one) => one.image === input.target.image);
  if (holders.length === 0) return [update(input, title, `--image ${word}`)];
  return holders.flatMap((container) =>
    container.init
      ? editTemplate(input, title, container, word)
      : [update(input, title, `--container-name ${shellWord(container.name)} --image ${word}`)],
  );
}

function update(input: RunbookInput, title: string, options: string): Command {
  return { title, language: 'az', text: `az containerapp update ${appOptions(input)} ${options}` };
}

/** No option of `az containerapp update` changes a container that runs before the others: its template has to be written whole. */
function editTemplate(input: RunbookInput, title: string, { name }: DeclaredContainer, word: string): Command[] {
  const file = 'template.yaml';
  return [
    {
      title: `Save this as ${file}, and set the image of the init container ${name} in it to ${word}`,
      language: 'az',
      text: `az containerapp show ${appOptions(input)} --output yaml`,
    },
    update(input, `${title}: deploy the changed file`, `--yaml ${file}`),
  ];
}
