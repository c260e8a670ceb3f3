<?xml version="1.0" encoding="UTF-8"?>
<!-- What forms share: the token, where to return, the form of the switch buttons. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template name="token"><input type="hidden" name="token" value="{$session/t:token}"/></xsl:template>

<xsl:template name="next"><input type="hidden" name="next" value="{/t:page/@path}"/></xsl:template>

<!-- One form for all switch buttons of a page: they name it by their attribute form. -->
<xsl:template name="switch-form">
	<form id="switch" method="post" action="{$base}switch"><xsl:call-template name="token"/></form>
</xsl:template>

<!-- A box of a group. CHOSEN is a node set: not empty when the box is ticked. -->
<xsl:template name="box">
	<xsl:param name="name"/>
	<xsl:param name="value"/>
	<xsl:param name="label"/>
	<xsl:param name="chosen"/>
	<label>
		<input type="checkbox" name="{$name}" value="{$value}">
			<xsl:if test="$chosen"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if>
		</input>
		<xsl:value-of select="$label"/>
	</label>
</xsl:template>
</xsl:stylesheet>
