// The lock of a page and what it keeps on the phone; `seal.py` makes the same keys and seals.
(() => {
  "use strict";

  const IV = 12;
  const utf8 = new TextEncoder();
  const fromHex = (hex) => Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));
  const aad = (purpose, route) => utf8.encode(`${purpose}\n${route}`);

  Doorroute.toBase64 = (bytes) => {
    let letters = "";
    for (let at = 0; at < bytes.length; at += 8192) letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(letters);
  };
  Doorroute.fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  // A code as it was meant, however it was typed.
  Doorroute.plainCode = (typed) => typed.normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");

  Doorroute.keys = (code, route) => {
    const made = Doorroute.scrypt(utf8.encode(code), fromHex(route), { N: 2 ** 15, r: 8, p: 3, dkLen: 64 });
    return { page: made.slice(0, 32), results: made.slice(32) };
  };

  Doorroute.seal = (plain, key, purpose, route) => {
    const vector = crypto.getRandomValues(new Uint8Array(IV));
    const locked = Doorroute.gcm(key, vector, aad(purpose, route)).encrypt(plain);
    const sealed = new Uint8Array(IV + locked.length);
    sealed.set(vector);
    sealed.set(locked, IV);
    return sealed;
  };

  // Throws where the key is another or a byte was changed.
  Doorroute.unseal = (sealed, key, purpose, route) =>
    Doorroute.gcm(key, sealed.subarray(0, IV), aad(purpose, route)).decrypt(sealed.subarray(IV));

  // What was marked, sealed, in the phone's storage: written at each mark, joined with what another window wrote, door by door
  // the later mark. Where storage is refused, or full, it stays in this page.
  Doorroute.Progress = class {
    constructor(page, key, before = [], seen = []) {
      Object.assign(this, { page, key, before, name: `doorroute/${page.route}`, kept: true, adopted: 0 });
      this.known = seen.map((mark) => mark && { ...mark, note: "", known: true, at: new Date(`${page.date}T00:00`).getTime() + mark.minute * 60000 + 59999 });
      this.device = Array.from(crypto.getRandomValues(new Uint8Array(4)), (octet) => octet.toString(16).padStart(2, "0")).join("");
      this.revision = 0;
      this.marks = {};
      this.read();
      if (!this.adopt() && !this.revision) this.write();
    }

    // Take over what was marked on earlier pages of this route and is newer than what is known here; true where there was any. A page of which nothing
    // was handed in yet goes on as that one: what is taken back here was said by the same phone there.
    adopt() {
      let found = 0;
      const fresh = !this.revision;
      for (const { route, key, doors } of this.before) {
        const { marks, device, revision } = this.stored(`doorroute/${route}`, Doorroute.fromBase64(key), route) || { marks: {}, revision: -1 };
        if (fresh && revision >= this.revision) Object.assign(this, { device, revision });
        for (const [index, mark] of Object.entries(marks)) {
          const now = doors[index];
          if (!(now >= 0) || mark.at <= this.mark(now).at) continue;
          this.marks[now] = mark;
          found += 1;
        }
      }
      if (!found) return false;
      this.adopted += found;
      this.revision += 1;
      this.write();
      return true;
    }

    // What was marked here; that alone is handed in.
    own(index) {
      return this.marks[index] || { status: 0, minute: 0, people: [], note: "", at: 0 };
    }

    // The later of what was marked here and what was known when the page was made.
    mark(index) {
      const own = this.own(index), known = this.known[index];
      return known && !(own.at > known.at) ? known : own;
    }

    set(index, changes) {
      const before = this.mark(index);
      this.read();
      const now = new Date();
      // never before what it replaces, whatever the clock does
      const at = Math.max(now.getTime(), this.mark(index).at + 1);
      this.marks[index] = { ...before, ...changes, at };
      this.revision += 1;
      this.write();
    }

    // What lies in the storage under a name, opened; null where there is nothing, or nothing of ours.
    stored(name, key, route) {
      try {
        return this.opened(localStorage.getItem(name), key, route);
      } catch {
        this.kept = false;
        return null;
      }
    }

    opened(text, key, route) {
      try {
        return text && JSON.parse(new TextDecoder().decode(Doorroute.unseal(Doorroute.fromBase64(text), key, this.page.purposes.progress, route)));
      } catch {
        return null; // another program wrote there
      }
    }

    // A full storage still has what was written before it was full: what it refused since then stands beside it, and the later mark counts.
    read() {
      for (const found of [this.stored(this.name, this.key, this.page.route), this.opened(Doorroute.refused?.[this.name], this.key, this.page.route)]) {
        if (!found) continue;
        this.device = found.device;
        this.revision = Math.max(this.revision, found.revision);
        for (const [index, mark] of Object.entries(found.marks)) if (mark.at > this.own(index).at) this.marks[index] = mark;
      }
    }

    write() {
      const plain = utf8.encode(JSON.stringify({ device: this.device, revision: this.revision, marks: this.marks }));
      const text = Doorroute.toBase64(Doorroute.seal(plain, this.key, this.page.purposes.progress, this.page.route));
      try {
        localStorage.setItem(this.name, text);
        this.kept = true;
        Doorroute.refused = null;
      } catch {
        this.kept = false;
        Doorroute.refused = { [this.name]: text };
      }
    }

    erase() {
      Doorroute.refused = null;
      try {
        localStorage.removeItem(this.name);
      } catch {
        // nothing was kept there
      }
    }
  };
})();
