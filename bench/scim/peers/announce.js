/** Tells the bench where the server listens, and ends with the bench. */
export function announce(server) {
  process.send({ kind: 'ports', ports: { http: server.address().port } });
  process.once('disconnect', () => process.exit(0));
}
