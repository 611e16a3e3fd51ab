/** A button after everything that wants to be copied. */
export function addCopyButtons(): void {
  for (const source of document.querySelectorAll<HTMLElement>('[data-copy]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', `Copy the ${source.dataset['copy']}`);
    const said = document.createElement('span');
    said.className = 'said';
    said.setAttribute('role', 'status');
    button.addEventListener('click', async () => {
      said.textContent = (await copy(source)) ? 'copied' : 'press Ctrl+C';
      setTimeout(() => (said.textContent = ''), 3000);
    });
    (source.closest('pre') ?? source).after(button, said);
  }
}

/** Browsers that keep the clipboard from a local file get the text selected instead. */
async function copy(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? '');
    return true;
  } catch {
    getSelection()?.selectAllChildren(source);
    return false;
  }
}
