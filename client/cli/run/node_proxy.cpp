#include "client/cli/run/node_proxy.hpp"

namespace bluebatch::cli {

// Who brings a socket of its own, as node's later releases and the SDKs do for their proxies, is left alone.
std::string_view node_proxy_script() {
    return R"js('use strict';
const net = require('node:net');
const tls = require('node:tls');
const { Duplex } = require('node:stream');
const { syncBuiltinESMExports } = require('node:module');

let proxy;
try {
    proxy = new URL(process.env.HTTPS_PROXY);
} catch {
    return;  // whoever took the proxy away wants none
}
const direct = new Set((process.env.NO_PROXY ?? '').split(','));
const credentials = Buffer.from(decodeURIComponent(`${proxy.username}:${proxy.password}`)).toString('base64');
const kLongestAnswer = 16384;

// The bytes of a connection through the proxy; what is written before it is there waits.
class Tunnel extends Duplex {
    constructor(host, port) {
        super();
        const authority = net.isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
        this.answer = Buffer.alloc(0);
        this.opened = false;
        // What has arrived is still to be read when the other side has ended.
        this.socket = net.connect({ port: Number(proxy.port), host: proxy.hostname, allowHalfOpen: true, noDelay: true });
        this.socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n` +
            `Proxy-Authorization: Basic ${credentials}\r\n\r\n`);
        this.socket.on('data', (bytes) => this.opened ? this.receive(bytes) : this.open(bytes));
        this.socket.on('end', () => this.opened ? this.push(null) : this.destroy(new Error('The proxy hung up')));
        this.socket.on('error', (error) => this.destroy(error));
        this.socket.on('close', () => this.socket.readableEnded || this.destroy());
    }

    open(bytes) {
        this.answer = Buffer.concat([this.answer, bytes]);
        const end = this.answer.indexOf('\r\n\r\n');
        if (end < 0 && this.answer.length < kLongestAnswer) return;
        const [status] = this.answer.toString('latin1').split('\r\n', 1);
        if (!/^HTTP\/1\.1 200/.test(status)) {
            this.destroy(new Error(`The proxy answers ${status}`));
            return;
        }
        this.opened = true;
        const rest = this.answer.subarray(end + 4);
        this.answer = undefined;
        if (rest.length > 0) this.receive(rest);
        this.emit('opened');
    }

    receive(bytes) {
        if (!this.push(bytes)) this.socket.pause();
    }

    whenOpen(work) {
        if (this.opened) work();
        else this.once('opened', work);
    }

    _read() {
        this.socket.resume();
    }

    _write(bytes, encoding, done) {
        this.whenOpen(() => this.socket.write(bytes, encoding, done));
    }

    _final(done) {
        this.whenOpen(() => this.socket.end(done));
    }

    _destroy(error, done) {
        this.socket.destroy();
        done(error);
    }
}

// connect(options, done), connect(port, host, options, done), and those with fewer.
function readArguments(given) {
    const done = given.find((one) => typeof one === 'function');
    const options = Object.assign({}, ...given.filter((one) => typeof one === 'object'));
    if (given[0] !== null && typeof given[0] !== 'object') options.port = given[0];
    if (typeof given[1] === 'string') options.host = given[1];
    return { options, done };
}

const connect = tls.connect;
tls.connect = function (...given) {
    const { options, done } = readArguments(given);
    const host = options.host ?? 'localhost';
    if (options.socket || options.path || direct.has(host)) return connect.apply(this, given);
    const tunnel = new Tunnel(host, options.port ?? 443);
    const servername = options.servername ?? (net.isIP(host) ? '' : host);
    let socket;
    try {
        socket = connect.call(this, { ...options, servername, socket: tunnel }, done);
    } catch (error) {
        tunnel.on('error', () => {});
        tunnel.destroy();
        throw error;
    }
    if (options.timeout) socket.setTimeout(options.timeout);
    // An idle connection must not keep the program from ending.
    for (const name of ['ref', 'unref'])
        socket[name] = () => (tunnel.socket[name](), socket);
    return socket;
};
syncBuiltinESMExports();
)js";
}

}  // namespace bluebatch::cli
