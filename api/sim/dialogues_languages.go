package sim

import "korescope/api"

// foreign is a short conversation in another language, written out: phrases
// with slots do not survive grammar.
func foreign(name, lang string, lines ...string) scene {
	return scene{name: name, lang: lang, channels: []string{"rtm", "wfacebook"}, outcome: api.SelfService, tell: func(p *script) {
		p.tag("intent", "other_language")
		for i, line := range lines {
			if i%2 == 0 {
				p.exactly(line)
				continue
			}
			p.bot(line)
		}
	}}
}

func german(v int) scene {
	if v == 0 {
		return foreign("german", "de",
			"Guten Tag, wo bleibt meine Bestellung {order}?", "Ihr Paket ist unterwegs und kommt voraussichtlich übermorgen.",
			"Geht das auch an eine Packstation?", "Ja, über den Link in der Versandmail können Sie eine Packstation wählen.", "Danke schön!", "Gern geschehen. Schönen Tag noch!")
	}
	return foreign("german", "de",
		"Ich möchte die Größe umtauschen, die Jacke ist zu klein", "Kein Problem. Welche Größe brauchen Sie?",
		"Größe 42 bitte", "Größe 42 ist vorrätig. Das Rücksendeetikett kommt per Mail an {mail}.", "super, danke", "Bitte sehr!")
}

func spanish(v int) scene {
	if v == 0 {
		return foreign("spanish", "es",
			"Hola, ¿dónde está mi pedido {order}?", "Su pedido salió ayer y llegará en dos días.",
			"¿Puedo cambiar la dirección?", "Sí, ¿cuál es la nueva dirección?", "Calle del Mar 12, Puerto Claro", "Listo, la dirección está cambiada.")
	}
	return foreign("spanish", "es",
		"¿A qué hora abren el sábado?", "El sábado abrimos de 9 a 20 horas.", "¿Hay aparcamiento?", "Sí, dos horas gratis detrás de la tienda.", "Muchas gracias", "¡A usted!")
}

func arabic() scene {
	return foreign("arabic", "ar",
		"مرحبا، أين طلبي رقم {order}؟", "طلبك في الطريق إليك وسيصل يوم الخميس.",
		"هل يمكنني الدفع عند الاستلام؟", "نعم، الدفع عند الاستلام متاح في مدينتك.", "شكرا جزيلا", "على الرحب والسعة!")
}

func thai() scene {
	return foreign("thai", "th",
		"สวัสดีค่ะ พัสดุ {order} ถึงไหนแล้วคะ", "พัสดุของคุณกำลังจัดส่ง คาดว่าจะถึงวันศุกร์ค่ะ",
		"เปลี่ยนที่อยู่ได้ไหมคะ", "ได้ค่ะ กรุณาพิมพ์ที่อยู่ใหม่", "ขอบคุณค่ะ ไม่เปลี่ยนแล้ว", "ยินดีค่ะ ขอให้เป็นวันที่ดี")
}

func japanese() scene {
	return foreign("japanese", "ja",
		"注文 {order} はいつ届きますか？", "ご注文は発送済みで、明後日に届く予定です。",
		"時間指定はできますか", "はい、配送メールのリンクから時間帯をお選びいただけます。", "ありがとうございます", "どういたしまして。")
}
