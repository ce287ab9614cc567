// A PouchDB server in this process's child, a second PouchDB that replicates everything from it over HTTP.
// usage: node pouch.cjs CASES EACH ; prints one line of JSON.
const { fork } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const http = require("http");
const PouchDB = require("pouchdb");

const TEXT = "电话联系本人，了解求职意向，推荐岗位三个，约定下周到站面谈，并告知社保补贴政策。";

function serve(folder) {
  const express = require("express");
  const Mine = PouchDB.defaults({ prefix: folder + path.sep });
  const app = express();
  process.on("disconnect", () => process.exit(0)); // whoever started it is gone, however it went
  app.use("/", require("express-pouchdb")(Mine, { mode: "minimumForPouchDB", inMemoryConfig: true }));
  const server = app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
}

// Counts what goes through to the server.
function counting(port) {
  const told = { bytes: 0 };
  const proxy = http.createServer((ask, answer) => {
    const on = http.request({ port, host: "127.0.0.1", method: ask.method, path: ask.url, headers: ask.headers }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.on("data", (d) => (told.bytes += d.length));
      got.pipe(answer);
    });
    ask.pipe(on);
  });
  return new Promise((done) => proxy.listen(0, "127.0.0.1", () => done({ told, proxy, port: proxy.address().port })));
}

async function main(cases, each) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pouch-"));
  fs.mkdirSync(path.join(folder, "server"));
  const child = fork(__filename, ["serve", path.join(folder, "server")], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  process.on("exit", () => {
    child.kill();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const port = await new Promise((done, fail) => {
    child.on("message", (m) => done(m.port));
    child.on("exit", (code) => fail(new Error(`the server ended with ${code}`)));
  });
  const remote = new PouchDB(`http://127.0.0.1:${port}/station`);
  await remote.info();
  for (let c = 0; c < cases; c += 50) {
    const docs = [];
    for (let n = c; n < Math.min(c + 50, cases); n++)
      for (let k = 0; k < each; k++)
        docs.push({ _id: `case-${n}-${k}`, subject: `case-${n}`, actor: "staff", at: 1800000000000 + k,
                    record: "service", set: { content: TEXT + k, type: "GWTJ", served_on: "2026-07-15" } });
    const refused = (await remote.bulkDocs(docs)).filter((d) => d.error);
    if (refused.length) throw new Error(JSON.stringify(refused[0]));
  }
  const { told, port: through } = await counting(port);
  const local = new PouchDB(path.join(folder, "desk"));
  const began = process.hrtime.bigint();
  const done = await local.replicate.from(`http://127.0.0.1:${through}/station`, { batch_size: 1000 });
  const pull_s = Number(process.hrtime.bigint() - began) / 1e9;
  console.log(JSON.stringify({ docs: done.docs_written, pull_s, bytes: told.bytes }));
}

for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(1));
if (process.argv[2] === "serve") serve(process.argv[3]);
else
  main(Number(process.argv[2]), Number(process.argv[3])).then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
