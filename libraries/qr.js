import qrcode from "qrcode-generator";

Object.assign((window.Doorroute = window.Doorroute || {}), { qrcode });
