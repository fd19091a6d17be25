import { expect, it } from 'vitest';
import { viewHtml } from '../../../../src/host/view/view-html';

const PAGE = {
  script: 'https://file.example/trace.js?a=1&b=2',
  style: 'https://file.example/trace.css',
  source: 'https://*.example',
  nonce: 'abc+/=',
  language: 'en',
  title: '<script>alert("1")</script>',
};
const html = viewHtml(PAGE);

it('allows nothing but its own script and files', () => {
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  expect(policy.replaceAll('&#39;', "'").split('; ')).toEqual([
    "default-src 'none'",
    'img-src https://*.example',
    "style-src https://*.example 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    'font-src https://*.example',
    "script-src 'nonce-abc+/='",
  ]);
});

it('has one script, with the nonce, and no inline code', () => {
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).toContain('<script nonce="abc+/=" src="https://file.example/trace.js?a=1&#38;b=2"></script>');
  expect(html).not.toMatch(/\son\w+=|style=/);
});

it('takes a title for text', () => {
  expect(html).toContain('<title>&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;</title>');
});

it('hands on the translations of the view, as an attribute and nothing else', () => {
  const texts = { Stop: 'Halt "> <script>' };
  const page = viewHtml({ ...PAGE, translations: texts });
  const [, attribute = ''] = /<div id="root" data-translations="([^"]*)"><\/div>/.exec(page) ?? [];
  const unescaped = attribute.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  expect(JSON.parse(unescaped)).toEqual(texts);
  expect(html).toContain('<div id="root"></div>');
});
