// Stands between a client and a server and keeps every answer, for a floor that gives the very same ones.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { own, temporaryFolder } from './owned.mjs';

/**
 * @param target the server to ask.
 * @returns a target for a client; `save()` ends it and gives the file with the answers.
 */
export async function startRecorder(target) {
  const { hostname, port } = new URL(target.env.MLFLOW_TRACKING_URI);
  const recorded = new Map();
  const server = http.createServer(async (request, response) => {
    const body = await textOf(request);
    const headers = { ...request.headers, host: `${hostname}:${port}` };
    const forwarded = http.request({ hostname, port, method: request.method, path: request.url, headers });
    forwarded.end(body);
    const [answer] = await once(forwarded, 'response');
    const text = await textOf(answer);
    if (answer.statusCode === 200) recorded.set(`${request.method} ${request.url} ${body}`, text);
    response.writeHead(answer.statusCode, { 'content-type': 'application/json' }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const owned = own({
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
  return {
    env: { ...target.env, MLFLOW_TRACKING_URI: `http://127.0.0.1:${server.address().port}` },
    async save() {
      await owned.close();
      const file = path.join(await temporaryFolder('recorded'), 'answers.json');
      await writeFile(file, JSON.stringify([...recorded]));
      return file;
    },
  };
}

async function textOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
