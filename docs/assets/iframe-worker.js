// Search runs in a worker, and browsers start none for a page that lies on a disk: there its script runs in a hidden frame.
if (location.protocol === "file:") {
  window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const inside = frame.contentWindow;
      const load = (address) => new Promise((good, bad) => {
        const script = inside.document.createElement("script");
        script.src = address;
        script.onload = good;
        script.onerror = bad;
        inside.document.body.append(script);
      });
      inside.importScripts = (...urls) => urls.reduce((done, one) => done.then(() => load(one)), Promise.resolve());
      inside.postMessage = (data) => this.tell(data);
      this.inside = inside;
      this.ready = load(url);
    }

    tell(data) {
      const event = new MessageEvent("message", { data });
      this.dispatchEvent(event);
      if (this.onmessage) this.onmessage(event);
    }

    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new this.inside.MessageEvent("message", { data })));
    }

    terminate() {}
  };
  window.Worker = window.IFrameWorker;
}
