import { expect, test } from 'vitest';
import { html } from './html.ts';

test('escapes every value, in text and in attributes', () => {
  const evil = `<img src=x onerror="alert('1')">&`;
  expect(html`<a title="${evil}">${evil}</a>`.text).toBe(
    '<a title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</a>',
  );
});

test('joins lists, keeps HTML as it is, and leaves out what is undefined', () => {
  const items = ['<', 2].map((item) => html`<li>${item}</li>`);
  expect(html`<ul>${items}</ul>${undefined}`.text).toBe('<ul><li>&lt;</li><li>2</li></ul>');
});
