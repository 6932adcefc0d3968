/** What a customer's file holds, fetched without any browser. */
export async function fetchFile(url: string, path: string): Promise<Buffer> {
  const login = await fetch(`${url}/`);
  const [, token = ''] = /name="_csrf" value="([^"]+)"/.exec(await login.text()) ?? [];
  const body = new URLSearchParams({ _csrf: token, loginId: 'd123456789', password: 'demo2017' });
  const headers = { cookie: getCookie(login) };
  const welcome = await fetch(`${url}/selfpage/login`, { method: 'POST', body, headers, redirect: 'manual' });
  const file = await fetch(url + path, { headers: { cookie: getCookie(welcome) } });
  if (!file.ok) throw new Error(`${path}: ${file.status}`);
  return Buffer.from(await file.arrayBuffer());
}

const getCookie = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';
